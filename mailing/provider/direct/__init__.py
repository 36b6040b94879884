"""A narrow HTTP/1.1 client: one POST at a time on each of a pool's connections, straight to the provider."""
