"""Messages: how one is read, counted and paged through, and what its status means once its mailing is closed."""
