"""Training: the phases of a run, its checkpoints, and a run into a folder."""
