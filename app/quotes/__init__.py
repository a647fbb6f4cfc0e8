"""Quotations: whether somebody's words are on record, to the letter."""
