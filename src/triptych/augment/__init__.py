"""Task-specific data augmentation (TDA): new records drawn from the training records."""

from triptych.augment.source import Augmenter, Drawn, Source

__all__ = ["Augmenter", "Drawn", "Source"]
