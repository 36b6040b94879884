"""Mistakes of the caller that no union member stands for: they come in `errors`, with a code to tell them by."""

from collections.abc import Sequence
from typing import TypeVar

from graphql import GraphQLError

from mailing.errors import Problem

T = TypeVar("T")


class BadUserInputError(GraphQLError):
    """Raised when an argument of a field breaks a rule; `argument` is named as in the schema."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(f"{argument}: {message}", extensions={"code": "BAD_USER_INPUT", "argument": argument})


class InvalidArgumentError(GraphQLError):
    """Raised when parts of an argument break rules; the message and `extensions.problems` tell of each."""

    def __init__(self, argument: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            "; ".join(str(problem) for problem in problems),
            extensions={
                "code": "BAD_USER_INPUT",
                "argument": argument,
                "problems": [_shown(problem) for problem in problems],
            },
        )


def _shown(problem: Problem) -> dict[str, object]:
    """As InputProblem shows it, in JSON."""
    return {
        "path": [*problem.path],
        "message": problem.message,
        "code": problem.code.value,
        "limit": problem.limit,
    }


class UnknownIdError(GraphQLError):
    """Raised when an id names nothing where nothing cannot be answered, as in a subscription."""

    def __init__(self, argument: str, id: str) -> None:
        super().__init__(f"{argument}: nothing has this id", extensions={"code": "NOT_FOUND", "argument": argument})


class GoneError(GraphQLError):
    """Raised when what an answer is about was deleted while the answer was being put together."""

    def __init__(self, id: str) -> None:
        super().__init__(f"{id} has just been deleted", extensions={"code": "NOT_FOUND"})


def present(row: T | None, id: str) -> T:
    """The row that must be there, since a moment ago it was.

    Raises GoneError if it is not.
    """
    if row is None:
        raise GoneError(id)
    return row
