"""A trained model: its folder, its card, and what it predicts."""
