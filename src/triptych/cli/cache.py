"""`triptych cache`: shows, prunes and clears the cache."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from triptych.cache import Cache


@click.group("cache", short_help="Show, prune or clear the cache.")
def command() -> None:
    """The cache holds OCR texts and encoder features, so that they are computed only once.

    It is in $TRIPTYCH_CACHE (by default ~/.cache/triptych). It holds at most $TRIPTYCH_CACHE_SIZE (4GB), and entries
    that are not used for $TRIPTYCH_CACHE_DAYS (90) are deleted. Deleting it costs only time. Answers of VLM and LLM are
    not part of it; `triptych answers prune` deletes those.

    \b
      triptych cache info
      triptych cache prune --size 500MB
      triptych cache clear
    """


@command.command("info", short_help="Show its path, size and limits.")
def info() -> None:
    """Show the path, entries, size and limits of the cache.

    \b
      triptych cache info
    """
    with _opened() as cache:
        found = cache.info()
        click.echo(f"path     {cache.path}")
        click.echo(f"entries  {found.entries}")
        click.echo(f"size     {_megabytes(found.size)} of at most {_megabytes(cache.limits.size)}")
        click.echo(f"oldest   last used {found.oldest:.0f} days ago; kept for {cache.limits.days:g} days")


@command.command("prune", short_help="Delete old entries, or the least recently used.")
@click.option("--size", help="The size to keep, such as 500MB.  [default: $TRIPTYCH_CACHE_SIZE]")
@click.option("--days", type=click.FloatRange(min=0), help="Keep entries used within this many days.")
def prune(size: str | None, days: float | None) -> None:
    """Delete entries beyond the limits, the least recently used first.

    \b
      triptych cache prune --size 500MB
      triptych cache prune --days 30
    """
    from triptych.cache_limits import Limits, parse_size

    with _opened() as cache:
        limits = Limits(
            cache.limits.size if size is None else parse_size(size, "--size"),
            cache.limits.days if days is None else days,
        )
        deleted = cache.prune(limits)
        click.echo(f"{deleted} entries deleted; {cache.info().entries} left, {_megabytes(cache.info().size)}")


@command.command("clear", short_help="Delete all entries.")
def clear() -> None:
    """Delete all entries; a damaged cache file is removed.

    \b
      triptych cache clear
    """
    from triptych.cache import cache_dir
    from triptych.database import StoreError

    try:
        with _opened() as cache:
            deleted = cache.clear()
    except StoreError:
        _unlink(cache_dir() / "cache.sqlite")
        click.echo("the damaged cache file is deleted")
        return
    click.echo(f"{deleted} entries deleted")


def _opened() -> "Cache":
    """The cache in the cache folder, without regard to its limits; an error if it cannot be used."""
    from triptych.cache import Cache, cache_dir

    return Cache(cache_dir() / "cache.sqlite")


def _unlink(path: Path) -> None:
    from triptych.files import unwritable

    try:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"
