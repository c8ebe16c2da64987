"""Experts: whatever gives class probabilities, and the pool that weighs them."""
