"""How many threads torch uses."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def single_thread() -> Iterator[None]:
    """Run torch on one thread.

    One record at a time, or ten in a batch, is so little work that threads lose more by waiting for one another than
    they gain, and far more where another process wants the cores too. It also fixes the order of every sum, and so the
    result.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
