"""What the API is measured beside, written as their own documentation would have them."""
