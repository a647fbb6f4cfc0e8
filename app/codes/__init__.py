"""Code lists: the closed vocabularies of the record."""
