"""GraphQL over HTTP and WebSocket: what is read and written, and what of an error is shown."""
