"""What every page shares: the frame, languages, words, marks, links, the open store."""
