"""Preparation: a record is read, asked about and encoded, and becomes arrays."""
