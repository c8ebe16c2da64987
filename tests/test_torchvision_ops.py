import subprocess
import sys

NEEDS_NMS = """
import torch
from torchvision import part
@torch.library.register_fake("torchvision::nms")
def nms(dets, scores, iou_threshold):
    return scores
READY = True
"""


def _run(folder, code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=False)


def test_a_torchvision_without_its_operators_can_be_imported_all_the_same(tmp_path):
    package = tmp_path / "torchvision"
    package.mkdir()
    (package / "__init__.py").write_text(NEEDS_NMS)
    (package / "part.py").write_text("")
    assert "operator torchvision::nms does not exist" in _run(tmp_path, "import torchvision").stderr
    code = "from triptych.torchvision_ops import complete_torchvision as c; c(); import torchvision; "
    assert _run(tmp_path, code + "print(torchvision.READY)").stdout.strip() == "True"
    assert _run(tmp_path, code + "c(); c(); print('again')").stdout.strip() == "again"


def test_without_torchvision_nothing_happens(tmp_path):
    code = (
        "from triptych.torchvision_ops import complete_torchvision as c; c(); import sys; print('torch' in sys.modules)"
    )
    assert _run(tmp_path, code).stdout.strip() == "False"
