"""The server: addresses, binding, compression, security, static files, workers."""
