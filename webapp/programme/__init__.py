"""The programme's pages: where everybody stands, who lacks what, what is due, the report."""
