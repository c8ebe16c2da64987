"""`triptych read`: writes the readings printed on record pictures to a table."""

from pathlib import Path

import click

from triptych.cli.common import LAYOUTS, OCR, OVERWRITE, WORDS


@click.command("read", short_help="Read the numbers printed on record pictures.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A .csv, .parquet or .json file.")
@OCR
@WORDS
@LAYOUTS
@click.option(
    "--fields",
    type=click.Path(path_type=Path),
    help="A second table with a row for each printed field, and how sure its value is.",
)
@click.option(
    "--show", type=click.Path(path_type=Path), help="An HTML page that shows what was read where, and how sure it is."
)
@OVERWRITE
def command(
    paths: tuple[Path, ...],
    output: Path,
    ocr: str,
    words: tuple[Path, ...],
    layouts: tuple[Path, ...],
    fields: Path | None,
    show: Path | None,
    overwrite: bool,
) -> int:
    """Read the pictures PATHS (files or folders) and write a row for each. Lengths are in um.

    Every named value is a column. The column `ok` states whether all values could be read and are consistent;
    `problems` lists what is illegible, inconsistent or repaired. In the table of --fields, a value is `checked` if the
    other counts, the plot or a second reading confirm it, `doubtful`, or else `read`.

    \b
      triptych read data/test -o readings.csv
      triptych read a.png b.png -o readings.parquet
      triptych read scans -o readings.csv --words dutch.yaml
      triptych read scans -o readings.csv --layouts layouts
      triptych read scans -o readings.csv --fields fields.csv
      triptych read scans -o readings.csv --show readings.html
    """
    from triptych.cli.common import list_failures, warn
    from triptych.errors import TriptychError
    from triptych.layouts.show import readings_page
    from triptych.outputs import HTML_MARK, check_free, holding, table_of
    from triptych.progress import bar
    from triptych.reading.layout_file import load_layout_files
    from triptych.reading.read_records import FIELD_COLUMNS, read_records
    from triptych.reading.samples import Samples
    from triptych.reading.vocabulary import open_vocabulary
    from triptych.records import image_records
    from triptych.report.html import write_page
    from triptych.tables import check_output, write_table

    check_output(output, table_of(("image", "ok")), inputs=paths, overwrite=overwrite)
    named = [path.resolve() for path in (output, fields, show) if path]
    if twice := next((path for path in named if named.count(path) > 1), None):
        raise TriptychError(f"{twice}: is named for two outputs; name another file for --fields or --show")
    if show:
        check_free(show, holding(HTML_MARK), inputs=paths, overwrite=overwrite)
    if fields:
        check_output(fields, table_of(FIELD_COLUMNS), inputs=(*paths, output), overwrite=overwrite)
    vocabulary = open_vocabulary(words)
    given = [file.layout for file in load_layout_files(layouts)]
    records = image_records(paths)
    samples = Samples() if show else None
    table = read_records(records, ocr, bar, vocabulary, given, samples)
    write_table(table.rows, table.columns, output)
    if fields:
        write_table(table.fields, FIELD_COLUMNS, fields)
    warn(table.warnings)
    ok = sum(bool(row["ok"]) for row in table.rows)
    if show and samples:
        write_page(show, readings_page(samples, table.layouts, table.failures, ok, len(records)), "the page")
    page = f", page in {show}" if show else ""
    click.echo(f"{ok} of {len(records)} records read in full; table in {output}{page}")
    return list_failures(table.failures, len(records))
