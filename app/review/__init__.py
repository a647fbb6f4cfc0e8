"""Review: what waits for a decision, and decisions on several at once."""
