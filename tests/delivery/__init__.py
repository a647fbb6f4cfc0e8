"""Tests of how answers are kept and given out."""
