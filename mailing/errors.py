"""Facts that a caller of the product can expect, as exceptions.

    DomainError
    ├── InvalidInputError          the input breaks a rule; all its problems at once
    ├── NotFoundError              there is no such client, mailing, message or token
    ├── PhoneAlreadyRegisteredError
    ├── MailingAlreadyStartedError
    ├── MailingAlreadyEndedError
    ├── MailingNotRunningError
    ├── MailingNotPausedError
    ├── ReportSwitchedOffError
    └── ReportNotSentError

Each carries ids, never a sentence for the screen: the edge that shows it writes that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mailing.problem_code import ProblemCode


class DomainError(Exception):
    """The root: something the caller asked for cannot be, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where (`("window", "opensAt")`, API names), and what is allowed.

    `code` names the rule, and `limit` is the most that it allows, where it has such: each message holds it, too.
    """

    path: tuple[str, ...]
    message: str
    code: ProblemCode
    limit: int | None = None

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.message}"


class InvalidInputError(DomainError):
    """Raised when an input breaks a rule; `problems` lists every one that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFoundError(DomainError):
    """Raised when an id names nothing; `noun` is client, mailing, message or token."""

    def __init__(self, noun: str, id: int | str) -> None:
        super().__init__(f"{noun} {id} does not exist")
        self.noun = noun
        self.id = id


class PhoneAlreadyRegisteredError(DomainError):
    """Raised when another client has the phone; `client_id` is that client."""

    def __init__(self, client_id: int) -> None:
        super().__init__(f"the phone belongs to client {client_id}")
        self.client_id = client_id


class MailingStateError(DomainError):
    """The root of what a mailing's state forbids; `mailing_id` is that mailing."""

    def __init__(self, mailing_id: int) -> None:
        super().__init__(f"mailing {mailing_id}: {type(self).__name__.removesuffix('Error')}")
        self.mailing_id = mailing_id


class MailingAlreadyStartedError(MailingStateError):
    """Raised when a change is allowed only before the start (startsAt), and the mailing has started."""


class MailingAlreadyEndedError(MailingStateError):
    """Raised when a finished or cancelled mailing is to be changed or cancelled."""


class MailingNotRunningError(MailingStateError):
    """Raised when a mailing that does not run is to be paused."""


class MailingNotPausedError(MailingStateError):
    """Raised when a mailing that is not paused is to be resumed."""


class ReportSwitchedOffError(DomainError):
    """Raised when a report is to be sent and the settings name nobody who gets it."""


class ReportNotSentError(DomainError):
    """Raised when the mail server did not say that it has taken the report; `reason` is what it said instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the report was not sent: {reason}")
        self.reason = reason
