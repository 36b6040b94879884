"""Signing in with a browser, at an OpenID provider."""
