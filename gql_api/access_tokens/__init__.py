"""The tokens that let programs in, as admins see them."""
