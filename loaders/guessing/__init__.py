"""What an unknown file seems to be: what its columns mean, how its values are written, and what
of it must be looked at by a person before it is stored (doubts)."""
