"""A day of somebody who works with the admin UI, from signing in to signing out.

It is the thread through what the other stories tell one by one, with all that is there in production: an OpenID
provider of others, the whole service as processes of its own, and an SMS provider outside of it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from mailing.cli.preconditions import free_port
from tests.e2e.conftest import SHORT_TIMES
from tests.e2e.office import MOSCOW
from tests.e2e.outside import Addresses, Outside
from tests.e2e.service import Service
from tests.e2e.ui.clients_screens import Clients, Import
from tests.e2e.ui.desk import OUTAGE, Desk, seated
from tests.e2e.ui.front_door import FrontDoor
from tests.e2e.ui.mailing_form import MailingForm
from tests.e2e.ui.mailing_screen import MailingScreen
from tests.e2e.window_times import closed_in, local_hour
from tests.gql_api.auth.issuer import AUDIENCE
from tests.gql_api.sign_in.conftest import provider
from tests.gql_api.sign_in.openid_provider import SECRET, OpenIdProvider
from tests.waiting import until

__all__ = ["provider"]

FRIENDS = 24
"""One is added by hand, the others come from a file."""


@pytest.fixture
async def guarded(e2e_folder: Path, outside_addresses: Addresses, provider: OpenIdProvider) -> AsyncIterator[Service]:
    """The whole service behind a sign-in, with nothing in it."""
    folder, port = e2e_folder / "a_day", free_port()
    folder.mkdir(mode=0o711)
    surroundings = {
        "MAILING_PROVIDER_URL": outside_addresses.url,
        "MAILING_PROVIDER_TOKEN": "of-the-stories",
        # On another site than the provider of identities, as nearly always.
        "MAILING_PUBLIC_URL": f"http://localhost:{port}",
        "MAILING_AUTH_ISSUER": provider.url,
        "MAILING_AUTH_AUDIENCE": AUDIENCE,
        "MAILING_AUTH_CLIENT_ID": "mailing",
        "MAILING_AUTH_CLIENT_SECRET": SECRET,
    }
    service = Service(folder, port, SHORT_TIMES | surroundings)
    try:
        await service.start()
        yield service
    finally:
        await service.stop_if_running()


async def test_an_operator_has_a_day(browser: Browser, guarded: Service, outside: Outside) -> None:
    home = guarded.address.replace("127.0.0.1", "localhost")
    async with seated(browser, home) as desk:
        door, page = FrontDoor(desk), desk.page

        # When an operator comes in, where nobody has done anything yet
        await desk.go("/")
        await door.come_in("oscar")
        await page.get_by_role("region", name="First steps").wait_for()
        await page.evaluate("window.openedIn = 'the morning'")

        # Then clients can be entered and texted, and trouble be dealt with
        await _enter_clients(desk)
        await _watch_a_mailing(desk)
        screen = await _pause_and_change_a_slow_one(desk)
        await _go_on_with_a_provider_that_refuses(screen, outside)
        await _lose_the_api_for_a_while(screen, guarded)
        await _find_out_why_somebody_got_nothing(screen)
        await _cancel_one_that_waits(desk)
        # And the end of the day is on the page that was opened in the morning
        await _to(desk, "Mailings")
        rows = page.get_by_role("table").locator("tbody tr")
        await expect(rows).to_contain_text(["Cancelled", "Finished", "Finished"])
        assert await page.evaluate("window.openedIn") == "the morning"

        # When they sign out
        assert desk.complaints == []
        await door.leave("Oscar <b>Wilde</b>, operator")
        # Then nobody is here any more
        await page.goto(f"{desk.home}/mailings/mailing_1")
        await door.closed.wait_for()
        assert await page.context.cookies(desk.home) == []
        desk.overlooks("Failed to load resource: the server responded with a status of 401")


async def _enter_clients(desk: Desk) -> None:
    # When one is added by hand, and others come from a file with two mistakes
    clients, importing = Clients(desk), Import(desk)
    await desk.page.get_by_role("link", name="Add one client").click()
    await clients.fill(phone="8 (916) 123-45-67", tag="friends")
    await clients.choose_zone("moscow", MOSCOW)
    await clients.press("Add the client")
    await clients.said("Client added").wait_for()
    await _to(desk, "Clients")
    await desk.page.get_by_role("link", name="Import").click()
    good = [f"7917000{n:04},{MOSCOW},friends" for n in range(FRIENDS - 1)]
    rows = ["phone,timezone,tag", "12,,", *good, "79160000000,Mars,friends"]
    await importing.choose("friends.csv", "\n".join(rows).encode())
    await importing.press(f"Import {FRIENDS + 1} rows")

    # Then the good ones are there, and the others in sight
    await importing.until("Imported")
    assert await importing.counts() == {"Added": str(FRIENDS - 1), "Rejected": "2"}
    assert [line for line, *_ in await importing.rejected()] == ["2", str(FRIENDS + 2)]


async def _watch_a_mailing(desk: Desk) -> None:
    # When one is made for just these
    form = MailingForm(desk)
    await _to(desk, "Overview")
    await desk.page.get_by_role("link", name="New mailing").first.click()
    await form.text.fill("Meet us on Friday")
    await form.add("friends", to="Tags")
    await form.audience.get_by_text(f"{FRIENDS} clients", exact=True).wait_for()
    await desk.page.get_by_role("switch", name="Only at certain hours").uncheck()
    await form.field("Messages a second, at most").fill("12")
    screen = await _start(form)

    # Then it runs before their eyes, to its end
    await _has_begun(screen)
    await screen.until_it_is("Finished")
    await expect(screen.number("Sent")).to_have_text(str(FRIENDS))


async def _pause_and_change_a_slow_one(desk: Desk) -> MailingScreen:
    # When a slow copy is paused, and given another text and more speed
    form = await _copy(desk)
    await form.field("Messages a second, at most").fill("1")
    screen = await _start(form)
    await _has_begun(screen)
    await screen.press("Pause")
    await screen.until_it_is("Paused")
    await desk.page.get_by_role("link", name="Edit", exact=True).click()
    await form.text.fill("Meet us on Saturday")
    await form.field("Messages a second, at most").fill("4")
    await form.press("Save")
    await form.dialog.get_by_text("that wait get the new text").wait_for()
    await form.dialog.get_by_role("button", name="Save").click()

    # Then its page tells what it is now
    assert await form.made() == screen.id
    await desk.page.get_by_text("Meet us on Saturday").first.wait_for()
    await desk.page.get_by_text("4 messages a second").wait_for()
    return screen


async def _go_on_with_a_provider_that_refuses(screen: MailingScreen, outside: Outside) -> None:
    await outside.play(refuse_share=1)
    await screen.press("Resume")
    await screen.figure("Failed").wait_for()
    await outside.play()


async def _lose_the_api_for_a_while(screen: MailingScreen, guarded: Service) -> None:
    # When its process ends half-way, and another one is started
    (api,), ended = guarded.parts("api"), await screen.ended()
    assert ended < FRIENDS
    assert screen.desk.complaints == []
    api.terminate()

    # Then the page says so, finds back by itself, and shows what went on behind its back
    await screen.desk.banner.wait_for()
    await expect(screen.desk.banner).to_have_count(0)
    await screen.until_it_is("Finished")
    assert not api.is_running()
    assert await screen.ended() == FRIENDS
    screen.desk.overlooks(*OUTAGE)


async def _find_out_why_somebody_got_nothing(screen: MailingScreen) -> None:
    # When one of those is opened who got nothing
    page = screen.desk.page
    await screen.figure("Failed").click()
    await screen.table("Messages").first.get_by_role("link", name="message_").click()
    # Then it is told in words, and where else one may look
    await page.get_by_text("It failed for good. The provider refused it (HTTP 400).").wait_for()
    await page.get_by_role("main").get_by_role("link", name="Why?").click()
    await page.get_by_role("status").get_by_text("The provider refused it for good.").wait_for()
    await page.get_by_role("main").get_by_role("link", name=screen.id).click()


async def _cancel_one_that_waits(desk: Desk) -> None:
    # When a copy has to wait for hours that are far away
    form = await _copy(desk)
    hours = closed_in(local_hour(MOSCOW))
    await desk.page.get_by_role("switch", name="Only at certain hours").check()
    await form.field("From").fill(hours["opensAt"])
    await form.field("To").fill(hours["closesAt"])
    screen = await _start(form)
    await expect(screen.number("Waiting")).to_have_text(str(FRIENDS))

    # Then it can be cancelled by who has read what that means
    dialog = await screen.ask_for("Cancel the mailing …")
    await dialog.get_by_text(f"{FRIENDS} messages were not sent yet, and never will be.").wait_for()
    await dialog.get_by_role("button", name="Cancel the mailing").click()
    await screen.until_it_is("Cancelled")


async def _copy(desk: Desk) -> MailingForm:
    """Of the mailing whose page is open."""
    await desk.page.get_by_role("button", name="More actions").click()
    await desk.page.get_by_role("menuitem", name="Copy …").click()
    await desk.page.get_by_text("With the values of").wait_for()
    return MailingForm(desk)


async def _start(form: MailingForm) -> MailingScreen:
    """At once, for which one has to read to how many it goes."""
    await form.desk.page.get_by_text("At once", exact=True).click()
    await form.press("Create")
    await form.dialog.get_by_text(f"{FRIENDS} clients get this text at once").wait_for()
    await form.press("Create and start")
    return MailingScreen(form.desk, await form.made())


async def _has_begun(screen: MailingScreen) -> None:
    await until(screen.ended, seconds=30)


async def _to(desk: Desk, name: str) -> None:
    """By the navigation, which loads nothing anew."""
    await desk.page.get_by_role("navigation", name="Main navigation").get_by_role("link", name=name).click()
