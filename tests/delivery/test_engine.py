"""Mailings from their start to their end, in one process."""

from collections.abc import Awaitable, Callable

from mailing.provider.fake import FakeProvider
from tests.delivery.conftest import Worker, counts, run_mailing

Clients = Callable[[int], Awaitable[None]]


async def test_everyone_who_matches_is_texted_once(worker: Worker, provider: FakeProvider, clients: Clients) -> None:
    # Given
    await clients(1_000)

    # When
    mailing = await run_mailing(worker, operator_codes=("901", "902"), tags=("vip",), text="Привет")

    # Then
    assert await counts(mailing.id) == {"sent": 100}
    assert provider.ledger.accepted == 100
    assert provider.ledger.repeated == 0
