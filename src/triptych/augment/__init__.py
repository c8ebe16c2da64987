"""Task-specific data augmentation (TDA): new records drawn from what the training records say."""

from triptych.augment.gaussian import Augmenter, Source

__all__ = ["Augmenter", "Source"]
