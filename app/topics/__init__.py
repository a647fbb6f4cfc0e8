"""Topics: subjects, in a tree."""
