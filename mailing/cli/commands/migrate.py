"""`mailing migrate`."""

import asyncio

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.cli.preconditions import check_database


def command(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Bring the database to the schema of this version. Prints what it applied."""
    settings = settings_for(data_dir)
    assert settings.database_url
    check_database(settings.database_url)
    from mailing.db.migrate import migrate

    applied = asyncio.run(migrate(settings))
    print("\n".join(applied) if applied else "The schema is up to date.")
