"""A trained model: its folder, its card, and its predictions."""
