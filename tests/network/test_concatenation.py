import torch

from triptych.network.concatenation import Concatenation


def test_the_branches_means_stand_side_by_side():
    generator = torch.Generator().manual_seed(0)
    inputs = {
        "image": torch.randn(3, 4, 2, 2, generator=generator),
        "vlm": torch.randn(3, 4, 1, 1, generator=generator),
    }
    fusion = Concatenation(("image", "vlm"), 4)
    fused = fusion(inputs)
    assert fused.shape == (3, fusion.channels, 1, 1)
    torch.testing.assert_close(fused[1, :4, 0, 0], inputs["image"][1].sum(dim=(1, 2)) / 4)
    torch.testing.assert_close(fused[1, 4:, 0, 0], inputs["vlm"][1, :, 0, 0])
