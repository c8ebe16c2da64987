"""Task-specific data augmentation (TDA): new records drawn from what the training records say."""

from triptych.augment.source import Augmenter, Drawn, Source

__all__ = ["Augmenter", "Drawn", "Source"]
