"""A mailing that is over for so long that its messages were removed, as the admin UI shows it."""

import re
import sys
from collections import Counter
from pathlib import Path

import asyncpg
from playwright.async_api import Browser, expect

from mailing.embedded.runtime import read_endpoints
from tests.e2e.office import Office
from tests.e2e.service import Service
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import PHONE, Desk, seated
from tests.e2e.ui.mailing_screen import MailingScreen
from tests.running import run


async def _let_it_have_ended(service: Service, mailing: str, days_ago: int) -> None:
    endpoints = read_endpoints(service.data_dir)
    assert endpoints
    database = await asyncpg.connect(endpoints.database_url)
    try:
        await database.execute(
            "UPDATE mailing SET ended_at = ended_at - make_interval(days => $2) WHERE id = $1",
            int(mailing.removeprefix("mailing_")),
            days_ago,
        )
    finally:
        await database.close()


async def test_who_looks_for_messages_that_were_removed_is_told_so(
    desk: Desk, office: Office, service: Service, browser: Browser, tmp_path: Path
) -> None:
    # Given a mailing that was sent ten days ago
    client = await office.add_client()
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)
    (message,) = await office.messages(mailing)
    await _let_it_have_ended(service, mailing, 10)

    # When somebody clears up at the command line
    pruned = await run(
        *(sys.executable, "-m", "mailing", "prune", "--days", "5", "--yes", "--data-dir", service.data_dir),
        folder=tmp_path,
        env=service.env,
    )
    assert (pruned.status, "of 1 mailing" in pruned.output) == (0, True), pruned

    # Then its page says so where its messages were, and in its timeline; its figures are there
    screen, page = MailingScreen(desk, mailing), desk.page
    await screen.open("messages")
    await page.get_by_text(re.compile("Its messages were removed on .* What was counted of them stays")).wait_for()
    await expect(screen.number("Sent")).to_have_text("1")
    assert await faults(page) == []
    await screen.open("timeline")
    await page.get_by_text("Messages removed, for they are kept for a limited time").wait_for()
    await page.get_by_text("1 message was removed").wait_for()

    # And so does the message's own address, and the answer to whether the client got it
    await desk.go(f"/messages/{message['id']}")
    await page.get_by_text("ended longer ago than messages are kept").wait_for()
    await desk.go(f"/why?client={client['id']}&mailing={mailing}")
    await page.get_by_role("heading", name="Not known any more").wait_for()
    await page.get_by_text("so long that its messages were removed").wait_for()
    await expect(page.get_by_text("Requests so far")).to_have_count(0)
    assert await faults(page) == []

    # And in Russian
    async with seated(browser, service.address, viewport=PHONE, locale="ru-RU") as other:
        await MailingScreen(other, mailing).open("messages")
        await other.page.get_by_text(re.compile("Сообщения удалены .* ограниченное время")).wait_for()
