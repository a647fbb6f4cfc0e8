"""Jobs: what a request brought and is taken in after it was answered."""
