"""Adding, changing and deleting clients, with what it means for messages that wait to be sent to them."""

from collections.abc import Sequence

import structlog

from mailing.changes import Unchanged
from mailing.clients import queries
from mailing.clients.validation import ClientChanges, NewClient
from mailing.db.locks import lock_clients_for_change
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery import journal
from mailing.errors import NotFoundError, PhoneAlreadyRegisteredError
from mailing.models import Client
from mailing.progress.announce import announce_after_commit

log = structlog.get_logger(__name__)

_IN_MESSAGES = {"phone", "timezone"}
"""What messages not yet sent take over from their client when it changes."""


async def create_client(new: NewClient) -> Client:
    """Add a client. Mailings that have already selected their clients do not reach the new one.

    Raises PhoneAlreadyRegisteredError.
    """
    async with unit_of_work() as unit:
        client = await queries.insert_client(new)
        while client is None:
            await _refuse_phone(new.phone)
            client = await queries.insert_client(new)  # Whoever had the phone has just been deleted.
    log.info("client.created", timestamp=unit.done_at, client_id=client.id, phone=client.phone)
    return client


async def update_client(client_id: int, changes: ClientChanges) -> Client:
    """Change a client. The operator code stays what it is unless it is changed itself.

    Messages not yet sent go to the new phone, by the new time zone; under which operator code and tag they were
    selected stays as it was. Raises NotFoundError or PhoneAlreadyRegisteredError.
    """
    values = {
        name: value
        for name in ("phone", "operator_code", "tag", "timezone")
        if not isinstance(value := getattr(changes, name), Unchanged)
    }
    async with unit_of_work() as unit:
        if values.keys() & _IN_MESSAGES:
            await lock_clients_for_change()
        client = await _locked(client_id)
        values = {name: value for name, value in values.items() if value != getattr(client, name)}
        if not values:
            return client
        client = await _updated(client_id, values)
        redirected: Sequence[queries.OfMailing] = ()
        if values.keys() & _IN_MESSAGES:
            redirected = await queries.redirect_messages([client_id], await queries.lock_open_mailings([client_id]))
    log.info(
        "client.updated", timestamp=unit.done_at, client_id=client_id, changed=sorted(values), phone=values.get("phone")
    )
    await journal.redirected(redirected, unit.done_at)
    return client


async def delete_client(client_id: int) -> None:
    """Delete a client and every copy of the phone. Messages not yet sent are cancelled.

    Raises NotFoundError.
    """
    async with unit_of_work() as unit:
        await lock_clients_for_change()
        await _locked(client_id)
        open_mailings = await queries.lock_open_mailings([client_id])
        withdrawn = await queries.withdraw_messages(client_id, open_mailings)
        for message in withdrawn:
            await announce_after_commit(message.mailing_id)
        await queries.delete_client(client_id)
    log.info("client.deleted", timestamp=unit.done_at, client_id=client_id)
    await journal.withdrawn(withdrawn, unit.done_at)


async def _locked(client_id: int) -> Client:
    client = await queries.lock_client(client_id)
    if client is None:
        raise NotFoundError("client", client_id)
    return client


async def _updated(client_id: int, values: dict[str, int | str]) -> Client:
    client = await queries.update_client(client_id, values)
    while client is None:
        await _refuse_phone(int(values["phone"]))
        client = await queries.update_client(client_id, values)
    return client


async def _refuse_phone(phone: int) -> None:
    if (owner := await queries.id_of_phone(phone)) is not None:
        raise PhoneAlreadyRegisteredError(owner)
