"""`triptych read`: writes the readings printed on record pictures to a table."""

from pathlib import Path

import click

from triptych.cli.common import LAYOUTS, OVERWRITE


@click.command("read", short_help="Read the numbers printed on record pictures.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A .csv, .parquet or .json file.")
@click.option("--ocr", default="rapidocr", show_default=True, help="The OCR engine.")
@click.option(
    "--words", multiple=True, type=click.Path(path_type=Path), help="A YAML file with further words of printed names."
)
@LAYOUTS
@click.option(
    "--fields",
    type=click.Path(path_type=Path),
    help="A second table with a row for each printed field, and how sure its value is.",
)
@OVERWRITE
def command(
    paths: tuple[Path, ...],
    output: Path,
    ocr: str,
    words: tuple[Path, ...],
    layouts: tuple[Path, ...],
    fields: Path | None,
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
    """
    from triptych.cli.common import list_failures, warn
    from triptych.errors import TriptychError
    from triptych.outputs import table_of
    from triptych.progress import bar
    from triptych.reading.layout_file import load_layout_files
    from triptych.reading.read_records import FIELD_COLUMNS, read_records
    from triptych.reading.vocabulary import open_vocabulary
    from triptych.records import image_records
    from triptych.tables import check_output, write_table

    check_output(output, table_of(("image", "ok")), inputs=paths, overwrite=overwrite)
    if fields:
        if fields.resolve() == output.resolve():
            raise TriptychError(f"{fields}: is named for both tables; name another file for --fields")
        check_output(fields, table_of(FIELD_COLUMNS), inputs=(*paths, output), overwrite=overwrite)
    vocabulary = open_vocabulary(words)
    given = [file.layout for file in load_layout_files(layouts)]
    records = image_records(paths)
    table = read_records(records, ocr, bar, vocabulary, given)
    write_table(table.rows, table.columns, output)
    if fields:
        write_table(table.fields, FIELD_COLUMNS, fields)
    warn(table.warnings)
    ok = sum(bool(row["ok"]) for row in table.rows)
    click.echo(f"{ok} of {len(records)} records read in full; table in {output}")
    return list_failures(table.failures, len(records))
