"""Features: named numbers computed from the readings and the digitised plot of a record."""
