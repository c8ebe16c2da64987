"""Preparation: reads a record, asks VLM and LLM about it, and encodes it as arrays."""
