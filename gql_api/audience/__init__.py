"""The audience of a filter in the API."""
