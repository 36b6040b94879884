"""`mailing migrate`."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from mailing.cli.connection import settings_for
from mailing.cli.failure import CommandError
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.cli.preconditions import check_database

if TYPE_CHECKING:
    from mailing.settings import Settings


def command(
    wait: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=86_400,
            metavar="SECONDS",
            help="Change nothing: wait until another has brought the database to this version, or to a newer one. "
            "Exit status 1 if that takes longer.",
        ),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Bring the database to the schema of this version. Prints what it applied.

    The service may run meanwhile. Several may be started at once: one does the work, the others wait for it.
    """
    settings = settings_for(data_dir)
    if wait is not None:
        _wait(settings, wait)
        return
    assert settings.database_url
    check_database(settings.database_url)
    applied = _migrate(settings)
    print("\n".join(applied) if applied else "The schema is up to date.")


def _migrate(settings: "Settings") -> list[str]:
    from mailing.db.migrate import MigrationBlockedError, migrate
    from mailing.db.orm import DATABASE_ERRORS
    from mailing.health.database import advice_on
    from mailing.health.quoting import said

    told: list[str] = []

    def blocked() -> None:
        if not told:
            told.append("Others use a table that a migration needs; trying again until it is free …")
            print(told[0], flush=True)

    try:
        return asyncio.run(migrate(settings, blocked=blocked))
    except MigrationBlockedError as e:
        raise CommandError(
            "others use a table that a migration needs, and do not let go of it; see who has a long transaction "
            "(pg_stat_activity, xact_start), and run this again"
        ) from e
    except DATABASE_ERRORS as e:
        raise CommandError(
            f"the database failed: {said(e)}. {advice_on(e)} Then run this again: each migration is applied whole or "
            "not at all."
        ) from e


def _wait(settings: "Settings", seconds: int) -> None:
    from mailing.cli.awaited_schema import wait_for_schema

    asyncio.run(wait_for_schema(settings, seconds, lambda what: print(what, flush=True)))
