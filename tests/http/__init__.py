"""The HTTP surface, through the test client."""
