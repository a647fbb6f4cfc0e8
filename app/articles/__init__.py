"""Articles: the source documents, without their text."""
