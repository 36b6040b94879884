"""Errors of the database that quote no values: their texts end up in logs, and values are clients' phones and texts."""

import re
from typing import Final

import asyncpg

_SAFE_BEGINNING: Final = re.compile(
    r"invalid input for query argument \$\d+( in element #\d+ of executemany\(\) sequence)?"
)
"""Of what asyncpg says of a parameter that it cannot send; its value stands behind."""
_LEFT_OUT: Final = "what is wrong with it is left out, for it may quote a value"


def leave_values_out(error: BaseException) -> None:
    """Take out of the error what may quote a value, wherever its text goes: into tracebacks, `repr`, or Redis.

    PostgreSQL quotes them in DETAIL ("Key (phone)=(…) already exists", "Failing row contains (…)") and in the messages
    of all errors about data (class 22); asyncpg in DataError, and in what caused it. The kind of the error and the
    names of constraints, tables and columns stay.
    """
    if not isinstance(error, asyncpg.PostgresError):
        return
    if not isinstance(error, asyncpg.DeadlockDetectedError):  # Its detail names processes and locks.
        error.detail = None
    if isinstance(error, asyncpg.DataError):
        beginning = _SAFE_BEGINNING.match(str(error.args[0]) if error.args else "")
        error.message = f"{beginning[0]}: {_LEFT_OUT}" if beginning else _LEFT_OUT
        error.args = (error.message,)
        error.__cause__ = error.__context__ = None
