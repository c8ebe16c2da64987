"""Training: augmentation, cross-fitting, checkpoints, and a training run into a folder."""
