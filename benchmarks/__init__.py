"""Measures the API beside its peers, on a record of a realistic shape."""
