"""What a caller can expect to go wrong, as members of the results' unions, and the one table that leads there.

How to add one: an exception in `mailing.errors`, a type here that implements UserError, a line in `MEMBERS`, and
the type in the union of each mutation that can meet it.
"""

# ruff: noqa: N818  # facts of the schema that Python must not take for exceptions
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

import strawberry
from strawberry.types.field import StrawberryField

from gql_api.callers import present
from gql_api.clients.types import Client
from gql_api.context import Context
from gql_api.http.operation_log import note_fact
from gql_api.ids import id_of
from gql_api.mailings.types import Mailing
from gql_api.pagination import RECKONED
from gql_api.problem_codes import ProblemCode
from mailing import errors


@strawberry.interface(description="Why nothing was done. Which type it is says what is wrong; more is in its fields.")
class UserError:
    message: str = strawberry.field(description="The same in a sentence, in English, for people.")


@strawberry.type(description="One thing wrong with an input.")
class InputProblem:
    path: list[str] = strawberry.field(
        description='Where, from the input down: ["window", "opensAt"], or ["filter", "tags", "0"] for the first tag.'
    )
    message: str = strawberry.field(description="What is allowed, and what was given.")
    code: ProblemCode = strawberry.field(description="Which rule it breaks, for those who say it in their own words.")
    limit: int | None = strawberry.field(description="The most that the rule allows; null where it knows no such.")

    @classmethod
    def of(cls, problem: errors.Problem) -> Self:
        """The problem as the product found it."""
        return cls(path=list(problem.path), message=problem.message, code=problem.code, limit=problem.limit)


@strawberry.type(description="The input breaks rules. The message names every one, as in `text: must not be blank`.")
class InvalidInput(UserError):
    problems: list[InputProblem] = strawberry.field(
        description="Everything that is wrong with it, not only the first.", metadata={RECKONED: 10}
    )


@strawberry.type(description="The id names nothing: it never did, or what it named is deleted.")
class NotFound(UserError):
    id: strawberry.ID = strawberry.field(description="The id as given.")


@strawberry.type(description="Another client has the phone.")
class PhoneAlreadyRegistered(UserError):
    client: Client = strawberry.field(description="The client who has it.")


@strawberry.type(description="The mailing has started, and the change is allowed only before that.")
class MailingAlreadyStarted(UserError):
    mailing: Mailing = strawberry.field(description="The mailing as it is.")


@strawberry.type(description="The mailing is finished or cancelled.")
class MailingAlreadyEnded(UserError):
    mailing: Mailing = strawberry.field(description="The mailing as it is.")


@strawberry.type(description="Only a running mailing can be paused.")
class MailingNotRunning(UserError):
    mailing: Mailing = strawberry.field(description="The mailing as it is.")


@strawberry.type(description="Only a paused mailing can be resumed.")
class MailingNotPaused(UserError):
    mailing: Mailing = strawberry.field(description="The mailing as it is.")


@strawberry.type(description="The settings name nobody who gets the daily report: MAILING_REPORT_TO.")
class ReportSwitchedOff(UserError):
    pass


@strawberry.type(description="The mail server did not say that it has taken the report. Nothing tries again.")
class ReportNotSent(UserError):
    reason: str = strawberry.field(description="What it said instead, or what became of the connection.")


@dataclass(frozen=True, slots=True)
class Member:
    """The union member that tells of an exception, and how it is made."""

    type: type[UserError]
    make: Callable[[Any, Context], Awaitable[UserError]]


async def _invalid_input(e: errors.InvalidInputError, _: Context) -> InvalidInput:
    return InvalidInput(message=str(e), problems=[InputProblem.of(problem) for problem in e.problems])


async def _not_found(e: errors.NotFoundError, _: Context) -> NotFound:
    id = e.id if isinstance(e.id, str) else f"{e.noun}_{e.id}"
    return NotFound(message=f"There is no such {e.noun}.", id=strawberry.ID(id))


async def _phone_already_registered(e: errors.PhoneAlreadyRegisteredError, context: Context) -> PhoneAlreadyRegistered:
    row = present(await context.loaders.client.load(e.client_id), id_of("client", e.client_id))
    return PhoneAlreadyRegistered(message="Another client has this phone.", client=Client.of(row))


async def _report_switched_off(_e: errors.ReportSwitchedOffError, _: Context) -> ReportSwitchedOff:
    return ReportSwitchedOff(message="Nobody gets the report: MAILING_REPORT_TO is empty.")


async def _report_not_sent(e: errors.ReportNotSentError, _: Context) -> ReportNotSent:
    return ReportNotSent(message="The mail server did not take the report.", reason=e.reason)


def _of_mailing(member: Callable[..., UserError], message: str) -> Callable[[Any, Context], Awaitable[UserError]]:
    async def make(e: errors.MailingStateError, context: Context) -> UserError:
        row = present(await context.loaders.mailing.load(e.mailing_id), id_of("mailing", e.mailing_id))
        shown = Mailing.of(row)
        return member(message=message.format(status=shown.status.value), mailing=shown)

    return make


MEMBERS: dict[type[errors.DomainError], Member] = {
    errors.InvalidInputError: Member(InvalidInput, _invalid_input),
    errors.NotFoundError: Member(NotFound, _not_found),
    errors.PhoneAlreadyRegisteredError: Member(PhoneAlreadyRegistered, _phone_already_registered),
    errors.MailingAlreadyStartedError: Member(
        MailingAlreadyStarted,
        _of_mailing(
            MailingAlreadyStarted, "The mailing has started (it is {status}): startsAt cannot change any more."
        ),
    ),
    errors.MailingAlreadyEndedError: Member(
        MailingAlreadyEnded, _of_mailing(MailingAlreadyEnded, "The mailing is over: it is {status}.")
    ),
    errors.MailingNotRunningError: Member(
        MailingNotRunning, _of_mailing(MailingNotRunning, "Only a running mailing can be paused; this one is {status}.")
    ),
    errors.MailingNotPausedError: Member(
        MailingNotPaused, _of_mailing(MailingNotPaused, "Only a paused mailing can be resumed; this one is {status}.")
    ),
    errors.ReportSwitchedOffError: Member(ReportSwitchedOff, _report_switched_off),
    errors.ReportNotSentError: Member(ReportNotSent, _report_not_sent),
}
"""Every fact of the product, and the type that tells the API's user of it."""


class _Handler:
    """Makes one line of the table work, on every field whose union has the member."""

    def __init__(self, exception_type: type[errors.DomainError], member: Member) -> None:
        self.exception_type = exception_type
        self.error_type = member.type
        self._make = member.make

    def handle(self, exception: Any, *, field: StrawberryField, info: strawberry.Info) -> Awaitable[UserError]:
        note_fact(self.error_type.__name__)
        return self._make(exception, info.context)


EXCEPTION_HANDLERS = [_Handler(exception_type, member) for exception_type, member in MEMBERS.items()]
