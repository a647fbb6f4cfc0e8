"""From an article's text to the facts in it: stages that can be read, tested and replaced."""
