"""Mediation offers: who offered to help whom, and how each party answered."""
