"""Groups of commands of the command line; `app.cli` puts them together."""
