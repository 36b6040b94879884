"""How the channel to the provider stands, for those who watch it."""
