"""The version of the program, wherever it is told."""

VERSION = "0.9.0"
