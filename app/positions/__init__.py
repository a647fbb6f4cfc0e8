"""Positions: who said what, on whose behalf, on which topic, when and to whom."""
