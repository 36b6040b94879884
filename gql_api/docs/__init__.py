"""GraphiQL, the interactive description of the API: a page, and the files that it loads, all of this server."""
