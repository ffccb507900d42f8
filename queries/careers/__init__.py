"""Questions about careers: postings, paths, routes, flows, comparisons, earliest dates."""
