"""Analysis: what is undecided, who says what side by side, and where an actor's stance shifted."""
