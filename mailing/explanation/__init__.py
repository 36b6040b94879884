"""Whether and why one client was, was not, or will be sent one mailing."""
