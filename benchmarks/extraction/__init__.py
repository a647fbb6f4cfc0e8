"""The extractor measured: against people, by rule, and by the clock."""
