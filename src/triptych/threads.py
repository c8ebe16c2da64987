"""The number of cores and threads, and how many of them torch uses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def cores() -> int:
    """The number of cores that this process may use; the machine may have more."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def thread_count() -> int:
    """The number of threads for one computation: that in `OMP_NUM_THREADS`, if it is set, but at most `cores()`.

    Waiting threads of ONNX Runtime, llama.cpp and OpenMP keep their cores busy. If several processes share the cores,
    each of them should therefore have fewer threads.
    """
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()  # further numbers are for nested loops
    return min(cores(), int(wanted)) if wanted.isdecimal() and int(wanted) else cores()


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Run torch on `count` threads.

    For adapters, a batch of one to ten records is so little work that synchronising threads costs more than they save,
    especially if other processes use the cores. One thread also fixes the order of every sum, and thus the result.
    Whole models should use all cores.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
