"""Talks rounds: the meetings of a process, and how they ended."""
