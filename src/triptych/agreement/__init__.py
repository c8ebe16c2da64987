"""Attribute agreement analysis: how well appraisers agree with themselves, with one another and with a reference."""
