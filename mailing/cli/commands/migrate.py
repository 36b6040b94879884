"""`mailing migrate`."""

import asyncio

from mailing.cli.connection import settings_for
from mailing.cli.failure import CommandError
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.cli.preconditions import check_database


def command(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Bring the database to the schema of this version. Prints what it applied.

    The service may run meanwhile. Several may be started at once: one does the work, the others wait for it.
    """
    settings = settings_for(data_dir)
    assert settings.database_url
    check_database(settings.database_url)
    from mailing.db.migrate import MigrationBlockedError, migrate

    told: list[str] = []

    def blocked() -> None:
        if not told:
            told.append("Others use a table that a migration needs; trying again until it is free …")
            print(told[0], flush=True)

    try:
        applied = asyncio.run(migrate(settings, blocked=blocked))
    except MigrationBlockedError as e:
        raise CommandError(
            "others use a table that a migration needs, and do not let go of it; see who has a long transaction "
            "(pg_stat_activity, xact_start), and run this again"
        ) from e
    print("\n".join(applied) if applied else "The schema is up to date.")
