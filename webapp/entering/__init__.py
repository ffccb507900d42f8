"""Entering things: forms for every table of the data set, with the checks of the loaders."""
