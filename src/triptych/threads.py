"""How many threads torch computes with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def cores() -> int:
    """The cores that this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Run torch on `count` threads.

    One record at a time, or ten in a batch, is so little work for adapters that threads lose more by waiting for one
    another than they gain, and far more where another process wants the cores too; one thread also fixes the order of
    every sum, and so the result. Whole models want all cores.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
