"""Reading articles: text, pages, addresses, feeds and folders, all into the same form."""
