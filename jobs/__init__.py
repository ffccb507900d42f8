"""Long work: one store of what is asked, running and done, in threads and in processes."""
