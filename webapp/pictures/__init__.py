"""Pictures that several pages share, drawn by the server: seen at once, and printed as they are."""
