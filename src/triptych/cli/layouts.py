"""`triptych layouts`: learns layout files from pictures, lists, shows and edits them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import OCR, OVERWRITE, WORDS, list_failures, warn

if TYPE_CHECKING:
    from triptych.layouts.sources import NamedLayout


@click.group("layouts", short_help="Learn, list, show and edit layout files: where values are printed.")
def command() -> None:
    """Layout files state where a machine prints its values. Learn them, correct them once, and read by them.

    A layout is a YAML file with names, meanings and boxes, and beside it a sample picture.

    \b
      triptych layouts learn pictures/ -o layouts
      triptych layouts edit layouts/sheet-001.yaml
      triptych read pictures/ -o readings.csv --layouts layouts
      triptych train data -o model --set reading.layouts=[layouts]
    """


@command.command("learn", short_help="Write a layout file for each layout found in pictures.")
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A folder for the layout files.")
@OCR
@WORDS
@OVERWRITE
def learn(pictures: tuple[Path, ...], output: Path, ocr: str, words: tuple[Path, ...], overwrite: bool) -> int:
    """Read PICTURES (files or folders) and write a YAML file and a sample picture for each layout.

    Records with contradictory values have no layout yet. Each of the first of them is written as it was understood, to
    be corrected.

    \b
      triptych layouts learn pictures/ -o layouts
      triptych layouts learn a.png b.png -o layouts
    """
    from triptych.cache import Cache
    from triptych.layouts.learn import check_layout_folder, learned_files, misread
    from triptych.progress import bar
    from triptych.reading.read_records import open_reader, read_records
    from triptych.reading.samples import Samples
    from triptych.reading.vocabulary import open_vocabulary
    from triptych.records import image_records

    check_layout_folder(output, overwrite=overwrite)
    vocabulary = open_vocabulary(words)
    records = image_records(pictures)
    samples = Samples()
    table = read_records(records, ocr, bar, vocabulary, samples=samples)
    found = learned_files(samples, table.layouts)
    warn(table.warnings)
    cache = Cache()
    for learned in found:
        path = learned.file.save(output)
        click.echo(f"{path}: {learned.count} record(s), {len(learned.file.entries.fields)} fields")
        reader = open_reader(ocr, cache, [learned.file.layout], learn=False, vocabulary=vocabulary)
        warn(f"{path}: {line}; correct it: triptych layouts edit {path}" for line in misread(learned, reader))
    cache.close()
    click.echo(f"{len(found)} layouts from {len(records)} pictures in {output}")
    if samples.without_table:
        click.echo(f"no table was found in {len(samples.without_table)} pictures")
    return list_failures(table.failures, len(records))


@command.command("list", short_help="List layouts.")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_layouts(source: Path, as_json: bool) -> None:
    """List the layouts in SOURCE: a layout file, a folder of layout files, or the folder of a model.

    \b
      triptych layouts list layouts
      triptych layouts list model --json
    """
    from triptych.layouts.sources import open_layouts
    from triptych.text import one_line

    rows = [_row(layout) for layout in open_layouts(source)]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"{one_line(str(source))}: no layouts")
    width = max((len(str(row["name"])) for row in rows), default=0)
    for row in rows:
        size = f"{row['width']}x{row['height']} px"
        kind = "given" if row["given"] else "learned"
        meanings = ", ".join(row["meanings"]) or "no known meaning"
        click.echo(one_line(f"{row['name']:{width}}  {kind:7}  {size:>13}  {row['fields']:3} fields  {meanings}"))


@command.command("show", short_help="Print a layout as YAML, or draw layouts on a page.")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="An HTML page of the pictures with their boxes.")
@OVERWRITE
def show(source: Path, name: str | None, output: Path | None, overwrite: bool) -> None:
    """Print the layouts in SOURCE (see `triptych layouts list`), or only the one called NAME.

    Learned layouts of a model have no sample picture, and are not on the page.

    \b
      triptych layouts show layouts sheet-001
      triptych layouts show layouts -o layouts.html
    """
    from triptych.errors import TriptychError
    from triptych.layouts.show import layouts_page
    from triptych.layouts.sources import choose, open_layouts
    from triptych.outputs import HTML_MARK, check_free, holding
    from triptych.report.html import write_page

    layouts = choose(open_layouts(source), name, source)
    if output is None:
        click.echo("---\n".join(layout.entries.to_yaml() for layout in layouts), nl=False)
        return
    files = [layout.file for layout in layouts if layout.file]
    if not files:
        raise TriptychError(
            f"{source}: its layouts have no sample pictures; learn them: triptych layouts learn PICTURES"
        )
    check_free(output, holding(HTML_MARK), overwrite=overwrite)
    write_page(output, layouts_page(files), "the page")
    click.echo(f"page in {output}")


def _row(layout: "NamedLayout") -> dict[str, Any]:
    width, height = layout.layout.size
    return {
        "name": layout.name,
        "given": layout.layout.given,
        "width": width,
        "height": height,
        "fields": len(layout.entries.fields),
        "meanings": [field.known_meaning for field in layout.entries.fields if field.known_meaning],
    }


@command.command("edit", short_help="Correct a layout in the browser.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--port", default=0, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--ocr", default="rapidocr", show_default=True, help="The OCR engine that reads the sample again.")
def edit(file: Path, port: int, no_browser: bool, ocr: str) -> None:
    """Open the layout FILE on a page of this computer: rename, draw, move, remove and ignore, then save.

    The page is served on 127.0.0.1 only, until Ctrl+C. Saving keeps the previous file as FILE.bak. `Read again` shows
    what is read from the sample picture with the layout as it is on the page.

    \b
      triptych layouts edit layouts/sheet-001.yaml
      triptych layouts edit layouts/sheet-001.yaml --port 8765 --no-browser
    """
    import webbrowser

    from triptych.layouts.editor import LayoutEditor
    from triptych.layouts.server import EditorServer
    from triptych.plugins import build

    server = EditorServer(LayoutEditor(file, build("ocr", ocr)), port)
    click.echo(f"{server.url}\nPress Ctrl+C to stop.")
    if not no_browser:
        webbrowser.open(server.url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
    finally:
        server.server_close()
