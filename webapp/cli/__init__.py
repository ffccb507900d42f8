"""The command line: the same functions as pages and JSON."""
