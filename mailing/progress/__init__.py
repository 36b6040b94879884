"""Progress: how far mailings are, read exactly from the database and pushed to whoever watches."""
