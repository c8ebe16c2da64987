"""Encoders of pictures and texts, with their features cached."""
