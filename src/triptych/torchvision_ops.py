"""Makes torchvision importable beside a build of torch that its compiled part does not fit.

Where torchvision was built for another torch, such as a GPU build beside a CPU build, its operators cannot be loaded,
and importing it fails at the first that it looks for; and with it everything that imports torchvision where it is
installed, `transformers` among it. No classifier uses these operators, so their names are enough.
"""

import sys
from importlib.util import find_spec

OPERATORS = ("nms", "qnms")  # those that an import looks for
_KEPT: list[object] = []  # a library that is collected takes its operators with it


def complete_torchvision() -> None:
    """Name the missing operators where torchvision is installed and cannot be imported without."""
    if "torchvision" in sys.modules or not find_spec("torchvision"):
        return
    import torch

    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]  # what the broken import left behind
        library = torch.library.Library("torchvision", "DEF")
        for operator in OPERATORS:
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _KEPT.append(library)
