"""The store: what is kept, in which engine, under which settings. Imports nothing of ours."""
