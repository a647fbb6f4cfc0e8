"""Topics in time: their versions, what changed between two, and both clocks side by side."""
