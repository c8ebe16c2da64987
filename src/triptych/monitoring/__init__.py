"""Watches new records for changes that end a promise."""
