"""Countries: states and territories, and the names that lead to them."""
