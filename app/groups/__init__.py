"""Groups: bodies that act or are addressed."""
