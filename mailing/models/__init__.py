"""The tables that have an identity of their own. Attempts, counters, slots and tallies are plain
tables, written and read by SQL alone: see migrations/sql/0001_engine.sql."""

from mailing.models.access_token import AccessToken
from mailing.models.client import Client
from mailing.models.mailing import Mailing, MailingStatus
from mailing.models.message import Message, MessageStatus
from mailing.models.session import Session

__all__ = ["AccessToken", "Client", "Mailing", "MailingStatus", "Message", "MessageStatus", "Session"]
