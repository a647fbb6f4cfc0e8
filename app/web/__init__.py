"""What all slices share over HTTP."""
