"""Features: what is computed from the readings and the digitised plot of a record, as named numbers."""
