"""A mailing's page and a message's, in front of somebody who watches over them."""

from collections import Counter

from playwright.async_api import expect

from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.mailing_screen import MailingScreen
from tests.waiting import until

SIZE = 12


async def test_a_mailing_is_watched_to_its_end_and_a_failure_explained(
    desk: Desk, office: Office, outside: Outside
) -> None:
    # Given one that is in no hurry
    await office.add_clients(SIZE)
    mailing = await office.create(maxRate=3)
    screen, page = MailingScreen(desk, mailing), desk.page

    # When somebody looks on, then the bar moves by itself
    await screen.open()
    await screen.until_it_is("Running")
    await until(screen.ended)

    # When it is paused
    await screen.press("Pause")
    # Then the page says what waits, and that it will be too late
    await screen.until_it_is("Paused")
    await page.get_by_role("note").get_by_text("Resume it, or set a later end.").wait_for()
    assert await faults(page) == []

    # When somebody else changes it, the SMS service begins to refuse everything, and it is resumed
    await office.change("updateMailing", id=mailing, maxRate=100)
    await page.get_by_text("100 messages a second").wait_for()
    await outside.play(refuse_share=1)
    await screen.press("Resume")
    # Then its end is seen without a reload, with what went wrong
    await screen.until_it_is("Finished")
    assert await screen.ended() == SIZE
    failed = (await office.counts(mailing))["FAILED"]
    assert 0 < failed < SIZE
    await expect(screen.table("Failures by reason")).to_have_text([f"The provider refused it (HTTP 400){failed}"])

    # When the failures are looked into
    await screen.figure("Failed").click()
    # Then there are just these
    rows = screen.table("Messages")
    await expect(rows).to_have_count(failed)
    await expect(rows.first).to_contain_text("The provider refused it (HTTP 400)")
    assert await faults(page) == []

    # When one of them is opened
    await rows.first.get_by_role("link", name="message_").click()
    # Then it says why, with what was tried and answered
    await page.get_by_text("It failed for good. The provider refused it (HTTP 400).").wait_for()
    await expect(screen.table("Tries")).to_contain_text(["the provider refused the message for good"])
    told = page.get_by_role("list", name="Timeline").get_by_role("listitem")
    await expect(told.filter(has_text="Try 1: the provider refused the message for good")).to_contain_text("HTTP 400")
    await expect(told.first).to_contain_text("The message failed for good")
    assert await faults(page) == []


async def test_who_cancels_or_deletes_is_told_first_what_that_means(
    desk: Desk, office: Office, outside: Outside
) -> None:
    # Given one that was stopped half-way, and has a past
    await office.add_clients(SIZE)
    mailing = await office.create(maxRate=3)
    await office.until_counts(mailing, SENT=1)
    await office.change("pauseMailing", id=mailing)
    await until(lambda: _nothing_is_on_its_way(office, mailing))
    counts = await office.counts(mailing)
    await office.change("updateMailing", id=mailing, maxRate=1)
    for _ in range(10):
        await office.change("updateMailing", id=mailing, text=f"{office.name} anew")
        await office.change("updateMailing", id=mailing, text=office.name)
    screen, page = MailingScreen(desk, mailing), desk.page

    # When somebody wants to know how it came to this
    await screen.open("timeline")
    told = page.get_by_role("list", name="Timeline").get_by_role("listitem")
    await expect(told.first).to_contain_text(f"Text: {office.name} anew → {office.name}")
    await screen.press("Show what was before")
    # Then the rest comes below, where the keyboard goes on
    await told.get_by_text("Mailing created").wait_for()
    await expect(told.nth(20)).to_be_focused()
    await expect(told.filter(has_text="3 messages a second → 1 message a second")).to_have_count(1)

    # When it is to be cancelled
    dialog = await screen.ask_for("Cancel the mailing …")
    # Then the consequences are in figures, and "Cancel" is nobody's way out
    await dialog.get_by_text(f"{counts['PENDING']} messages were not sent yet, and never will be.").wait_for()
    assert await faults(page) == []
    await expect(dialog.get_by_role("button", name="Back")).to_be_focused()
    await dialog.get_by_role("button", name="Cancel the mailing").click()
    await screen.until_it_is("Cancelled")
    assert await office.counts(mailing) == Counter(SENT=counts["SENT"], CANCELLED=counts["PENDING"])

    # When it is deleted, too
    dialog = await screen.ask_for("Delete …")
    await dialog.get_by_text(f"{SIZE} messages and the statistics are deleted with it.").wait_for()
    await dialog.get_by_role("button", name="Delete the mailing").click()
    # Then it is gone, and its address still tells what became of it
    await page.get_by_text(f"{mailing} was deleted.").wait_for()
    await screen.open()
    await page.get_by_text("There is no such mailing, or not any more.").wait_for()
    await expect(told.first).to_contain_text("Mailing deleted")


async def _nothing_is_on_its_way(office: Office, mailing: str) -> bool:
    return (await office.counts(mailing))["SENDING"] == 0
