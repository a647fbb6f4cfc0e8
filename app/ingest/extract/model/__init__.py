"""A language model in the extractor's place: it quotes, and our code finds what it quoted."""
