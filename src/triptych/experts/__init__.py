"""Experts, which give class probabilities, and the pool that combines them."""
