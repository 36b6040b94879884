"""deploy/kubernetes: what kubectl renders, against the schemas of the API and against the program."""
