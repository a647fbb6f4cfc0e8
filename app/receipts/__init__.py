"""Receipts: what the record says of a fact, in a form that can be checked without the service."""
