"""Changes: the transactions on the record."""
