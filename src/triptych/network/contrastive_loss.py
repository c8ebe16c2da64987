"""The image-text contrastive loss (section 3.3, equations 3 to 5).

Within a batch, each image should be most similar to its own text, and each text to its own image. The similarity is the
cosine similarity divided by a learnable temperature. Records of a batch with equal texts are not negatives of one
another, because no encoder can distinguish these texts: they are excluded from each other's sums in equation 3.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def itc_loss(image: Tensor, text: Tensor, temperature: Tensor, same_text: Tensor | None = None) -> Tensor:
    """L_itc of equation 4 for one pair of branches.

    Args:
        image: representations of the images [b, d].
        text: representations of their texts [b, d]; row i belongs to image i.
        temperature: tau of equation 3, a positive scalar.
        same_text: mask [b, b], true if the texts of two rows are equal; None if all differ.
    """
    similarity = F.normalize(image, dim=1) @ F.normalize(text, dim=1).T / temperature  # s(I, T) / tau, [b, b]
    own = torch.arange(len(image), device=image.device)
    if same_text is not None:
        others = same_text & (own[:, None] != own[None, :])
        similarity = similarity.masked_fill(others, -torch.inf)
    return (F.cross_entropy(similarity, own) + F.cross_entropy(similarity.T, own)) / 2


def self_similarity(image: Tensor, text: Tensor) -> Tensor:
    """The cosine similarity [n] of the image and the text of every record, used to rank records (Figure 5)."""
    return F.cosine_similarity(image, text, dim=1)
