"""The admin UI: one page at every address that nothing else has, and the files that it loads, all of this server."""
