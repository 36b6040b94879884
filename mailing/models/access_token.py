"""What lets a program in that has no OpenID provider to get a token from."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from mailing.models.role import RoleField


class AccessToken(Model):
    """Never deleted: who had access, and until when, can be looked up for good."""

    id = fields.BigIntField(primary_key=True)
    digest = fields.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal. The token itself is kept nowhere."""
    start = fields.CharField(max_length=32)
    """The token's first characters, by which its owner recognises it; too few to guess the rest."""
    name = fields.CharField(max_length=100)
    role = RoleField()
    created_at = fields.DatetimeField(db_default=Now())
    created_by = fields.TextField()
    """The subject of who made it: of the issuer, `token_7`, or `command line`."""
    created_by_name = fields.TextField()
    expires_at = fields.DatetimeField(null=True)
    """Null: never."""
    last_used_at = fields.DatetimeField(null=True)
    """At most a minute behind."""
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "access_token"
        table_description = "What lets programs in"
