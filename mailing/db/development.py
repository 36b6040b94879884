"""What Tortoise's command line reads when it writes a migration (`make migration`). It does not connect."""

from mailing.db.orm import tortoise_config
from mailing.settings import Settings

CONFIG = tortoise_config(Settings(database_url="postgres://nobody@localhost/nothing"))
