"""Image and text encoders, with cached features."""
