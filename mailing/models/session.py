"""Somebody who is signed in with a browser."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.models import Model

from mailing.models.role import RoleField


class Session(Model):
    """From the sign-in until the sign-out, or until it expires: whoever brings the cookie is who it names."""

    id = fields.CharField(max_length=64, primary_key=True)
    """SHA-256 of the cookie's value in hex: who reads the table can sign in as nobody. A plain hash will do, for the
    value is 256 random bits."""
    subject = fields.TextField()
    """By which the provider tells who it is from all others."""
    name = fields.TextField()
    """To show to people."""
    role = RoleField()
    """As it was at the sign-in."""
    issuer = fields.TextField()
    id_token = fields.TextField()
    """What the provider said at the sign-in: at the sign-out it asks for it, and knows by it whom to sign out. It lets
    nobody in here."""
    created_at = fields.DatetimeField(db_default=Now())
    expires_at = fields.DatetimeField()

    class Meta:
        table = "session"
        table_description = "People who are signed in with a browser"
        indexes = (Index(fields=("expires_at",)),)
