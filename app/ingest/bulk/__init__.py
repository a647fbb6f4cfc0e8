"""The whole record as a file, and back: a change and the versions that it wrote, line by line."""
