"""What is told of a mailing's messages, and of all mailings."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus

CountByStatus = Mapping[MessageStatus, int]
"""All seven statuses, in the order of the enum."""


@dataclass(frozen=True, slots=True)
class GroupCount:
    """The messages that share one property."""

    value: str
    total: int
    by_status: CountByStatus


@dataclass(frozen=True, slots=True)
class FailureCount:
    """The messages that FAILED, are UNCONFIRMED or EXPIRED, and have one reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class MailingStatistics:
    """One snapshot of one mailing. Every list has at most a thousand entries, those with most messages."""

    total: int
    by_status: CountByStatus
    by_operator_code: tuple[GroupCount, ...]
    by_tag: tuple[GroupCount, ...]
    by_timezone: tuple[GroupCount, ...]
    failures: tuple[FailureCount, ...]
    """Most frequent first. A message without a reason, such as one that expired untried, is not among them."""


@dataclass(frozen=True, slots=True)
class OverallStatistics:
    """One snapshot of several mailings together."""

    mailings: int
    messages: int
    by_mailing_status: Mapping[MailingStatus, int]
    """All five statuses, in the order of the enum."""
    by_message_status: CountByStatus
