"""`triptych demo`: the whole run on simulated records."""

from pathlib import Path

import click


@click.command("demo", short_help="Run the whole pipeline on simulated records.")
@click.argument("out", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--records", default=455, show_default=True, help="Number of simulated records.")
@click.option("--seed", default=0, show_default=True, help="Seed of all random numbers.")
def command(out: Path, records: int, seed: int) -> None:
    """Simulate records, train on their pictures, score, predict and report, all in the folder OUT.

    Only the pictures are used; their numbers are read by OCR. The same as:

    \b
      triptych simulate demo/data
      triptych train demo/data -o demo/model
      triptych evaluate demo/model demo/data --json demo/scores.json --report demo/report.html
      triptych predict demo/model demo/data/test -o demo/predictions.csv
    """
    data, model = out / "data", out / "model"
    steps = (
        ("simulate", [str(data), "--records", str(records), "--seed", str(seed)]),
        ("train", [str(data), "-o", str(model), "--seed", str(seed), "--overwrite"]),
        ("evaluate", [str(model), str(data), "--json", str(out / "scores.json"), "--report", str(out / "report.html")]),
        ("predict", [str(model), str(data / "test"), "-o", str(out / "predictions.csv")]),
    )
    from triptych.cli.app import app

    for name, arguments in steps:
        click.secho(f"$ triptych {name} {' '.join(arguments)}", bold=True)
        status = app.main([name, *arguments], prog_name="triptych", standalone_mode=False)
        if status:
            raise SystemExit(status)
    click.echo(f"Open {(out / 'report.html').resolve()} in a browser.")
