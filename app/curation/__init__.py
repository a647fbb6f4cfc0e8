"""Curation: facts created, revised, published, withdrawn and merged."""
