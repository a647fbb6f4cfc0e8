"""Past states of addresses, as Mementos (RFC 7089)."""
