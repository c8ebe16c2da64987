"""Makes torchvision importable with a build of torch that does not match it.

If torchvision was built for another torch, such as a GPU build used with a CPU build, its operators cannot be loaded,
and its import fails at the first operator. So does every library that imports an installed torchvision, such as
`transformers`. No classifier uses these operators, so it is sufficient to define their names.
"""

import sys
from importlib.util import find_spec

OPERATORS = ("nms", "qnms")  # the operators that torchvision's import needs
_KEPT: list[object] = []  # keeps the library alive; its operators vanish when it is garbage-collected


def complete_torchvision() -> None:
    """Define the missing operators if torchvision is installed and cannot be imported without them."""
    if "torchvision" in sys.modules or not find_spec("torchvision"):
        return
    import torch

    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]  # left behind by the failed import
        library = torch.library.Library("torchvision", "DEF")
        for operator in OPERATORS:
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _KEPT.append(library)
