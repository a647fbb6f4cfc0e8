"""Reading articles."""
