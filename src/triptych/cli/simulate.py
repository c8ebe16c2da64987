"""`triptych simulate`: draws a data set of ASE-like record pictures."""

from pathlib import Path

import click


@click.command("simulate", short_help="Draw a data set of record pictures.")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--records", default=455, show_default=True, help="Number of records, training and test together.")
@click.option(
    "--seed", default=0, show_default=True, help="Seed of all random numbers; the same seed draws the same bytes."
)
def command(out: Path, records: int, seed: int) -> None:
    """Draw record pictures into OUT/{train,test}/<class>/, and write their true readings to OUT/truth.csv.

    \b
      triptych simulate data
      triptych simulate data --records 1000 --seed 7
    """
    from triptych.progress import bar
    from triptych.simulate import simulate_dataset

    dataset = simulate_dataset(out, records=records, seed=seed, track=bar)
    click.echo(
        f"{dataset.n_train} training and {dataset.n_test} test records in {out}; true readings in {dataset.truth}"
    )
