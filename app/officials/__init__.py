"""Officials: persons who hold or held a post."""
