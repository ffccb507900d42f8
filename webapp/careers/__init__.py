"""The pages about careers: search by path, routes, flows, one post, one person, legal dates."""
