"""Tools beside the application."""
