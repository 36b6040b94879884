"""Checks of PostgreSQL: does it answer, is it the right one, has it room, is its schema that of this version."""

import socket
import ssl
from typing import Final

import asyncpg

from mailing.db.migrate import missing_migrations, unknown_migrations
from mailing.db.orm import DATABASE_ERRORS
from mailing.health import queries
from mailing.health.amounts import size
from mailing.health.clocks import Question
from mailing.health.finding import Finding, fine, problem, warning
from mailing.health.quoting import root_of, said

LEAST_VERSION = 15

_VARIABLE = "MAILING_DATABASE_URL"

# The first that fits.
_ADVICE: Final[tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...]] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        f"Correct user and password in {_VARIABLE}, or what pg_hba.conf allows.",
    ),
    (asyncpg.InvalidCatalogNameError, f"Create that database, or correct its name in {_VARIABLE}."),
    (
        asyncpg.TooManyConnectionsError,
        "Run fewer processes, lower MAILING_DATABASE_POOL_SIZE, or raise max_connections of PostgreSQL.",
    ),
    (
        (asyncpg.DuplicatePreparedStatementError, asyncpg.InvalidSQLStatementNameError),
        "Between here and PostgreSQL is a pooler that does not know prepared statements: set "
        "MAILING_DATABASE_PREPARED_STATEMENTS=false, or max_prepared_statements in PgBouncer 1.21 or newer.",
    ),
    (asyncpg.CannotConnectNowError, "Wait until it has started; if it does not, its own log says why."),
    (asyncpg.InsufficientPrivilegeError, f"Make the user in {_VARIABLE} the owner of the database."),
    (socket.gaierror, f"Correct the host in {_VARIABLE}, or the name service of this machine."),
    (ssl.SSLError, f"Correct its certificate, or what {_VARIABLE} says of ssl."),
    (
        (ConnectionRefusedError, FileNotFoundError),
        f"Start PostgreSQL there, or correct host and port in {_VARIABLE}.",
    ),
    (TimeoutError, "See whether PostgreSQL is overloaded, and whether a firewall stands between."),
)
_ADVICE_ELSE = "Look into PostgreSQL's own log."


async def look_whether_it_answers() -> list[Finding]:
    """Only that, as cheaply as can be: for those who ask every few seconds."""
    try:
        await queries.answers()
    except TimeoutError:
        raise  # The check's own time is over.
    except DATABASE_ERRORS as e:
        return [_away(e)]
    return [fine("database", "PostgreSQL answers.")]


async def look_at_database(place: str) -> list[Finding]:
    """Whether one that this service can use answers at `place`."""
    try:
        facts = await queries.server_facts()
    except TimeoutError:
        raise
    except DATABASE_ERRORS as e:
        return [_away(e, f" at {place}")]
    return [judged(facts, place)]


async def look_at_migrations() -> list[Finding]:
    """Whether the schema is that of this version of the program."""
    subject = "migrations"
    try:
        missing = await missing_migrations()
        unknown = [] if missing else await unknown_migrations()
    except TimeoutError:
        raise
    except DATABASE_ERRORS as e:
        return [problem(subject, f"The schema's version cannot be read: {said(e)}.", advice_on(e))]
    if missing:
        return [problem(subject, f"The database lacks {', '.join(missing)}.", "Run `mailing migrate`.")]
    if unknown:
        what = f"The database is of a newer version than this program: it has {', '.join(unknown)}."
        return [warning(subject, what, "Bring this program to that version, too; until then it goes on working.")]
    return [fine(subject, "The schema is that of this version.")]


async def look_at_connections(pool_size: int) -> list[Finding]:
    """Whether one more process could open all of its connections."""
    subject = "connections"
    limits, own = await queries.connection_limits(), await queries.own_connections()
    least = limits[0]
    free = least.most - least.taken
    what = (
        f"{least.taken} of {least.most} connections are taken ({least.name}), {own} of them by this service; "
        f"each process opens up to {pool_size}."
    )
    if free >= pool_size:
        return [fine(subject, what)]
    advice = f"Run fewer processes, lower MAILING_DATABASE_POOL_SIZE, or raise {least.name}."
    return [(warning if free > 0 else problem)(subject, what, advice)]


async def look_at_database_clock() -> list[Finding]:
    """Whether it shows the time of this machine."""
    question = Question()
    return [question.answered("the database", await queries.clock())]


def judged(facts: queries.ServerFacts, place: str) -> Finding:
    what = f"PostgreSQL {facts.version} answers at {place}; the database has {size(facts.bytes)}."
    if facts.number < LEAST_VERSION * 10_000:
        return problem("database", what, f"Use PostgreSQL {LEAST_VERSION} or newer.")
    if facts.is_read_only:
        what = f"PostgreSQL {facts.version} at {place} takes no changes: it is a replica, or was made read-only."
        return problem("database", what, f"Name the primary in {_VARIABLE}, or make it writable (is its disk full?).")
    return fine("database", what)


def advice_on(error: BaseException) -> str:
    """What somebody can do about an error of `DATABASE_ERRORS`."""
    root = root_of(error)
    return next((advice for kinds, advice in _ADVICE if isinstance(root, kinds)), _ADVICE_ELSE)


def _away(error: BaseException, where: str = "") -> Finding:
    return problem("database", f"PostgreSQL{where} does not answer: {said(error)}.", advice_on(error))
