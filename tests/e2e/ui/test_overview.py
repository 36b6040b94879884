"""The overview: what is under way, live, and what became of the last days' messages."""

from collections import Counter

from playwright.async_api import Browser, expect

from tests.e2e.office import MOSCOW, Office
from tests.e2e.service import Service
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import PHONE, Desk, seated
from tests.e2e.window_times import closed_in, local_hour


async def test_a_mailing_appears_when_it_starts_is_followed_and_stays_in_sight_at_its_end(
    desk: Desk, office: Office
) -> None:
    # Given somebody who looks at the overview of a service that was used before
    page = desk.page
    await office.add_clients(12)
    await office.create(starts_in=3_600, ends_in=7_200)
    await desk.go("/")
    card = page.get_by_role("article", name=office.name, exact=True)
    await expect(card).to_have_count(0)

    # When a mailing starts elsewhere
    mailing = await office.create(maxRate=4)

    # Then it appears by itself, counts, and says when it will be through
    under_way = page.get_by_role("region", name="Under way")
    await under_way.get_by_role("article", name=office.name, exact=True).wait_for()
    await expect(card).to_contain_text("Running")
    await expect(card).to_contain_text("a second")
    await expect(card).to_contain_text("At this rate done")
    await expect(card.get_by_role("progressbar")).to_have_attribute("aria-valuemax", "12")
    # And at its end it is still there
    ended = page.get_by_role("region", name="Ended just now")
    await ended.get_by_text("12 of 12 messages sent (100%)").wait_for()
    await expect(card).to_contain_text("Finished")
    await card.get_by_role("link").click()
    await page.wait_for_url(f"**/mailings/{mailing}")


async def test_what_will_be_missed_is_said_with_its_reason(desk: Desk, office: Office) -> None:
    # Given a mailing that waits for its window, and that somebody has paused
    await office.add_clients(3)
    mailing = await office.create(window=closed_in(local_hour(MOSCOW)), ends_in=3_600)
    await office.until_counts(mailing, PENDING=3)
    await office.change("pauseMailing", id=mailing)

    # When
    await desk.go("/")

    # Then
    card = desk.page.get_by_role("article", name=office.name, exact=True)
    await expect(card).to_contain_text("Paused")
    await expect(card).to_contain_text("at least 3 messages will not be sent in time. The mailing is paused.")


async def test_a_mailing_that_waits_for_its_window_says_until_when_wherever_it_is_shown(
    desk: Desk, office: Office
) -> None:
    # Given one whose window is closed for all of its clients
    page = desk.page
    await office.add_clients(3)
    window = closed_in(local_hour(MOSCOW))
    mailing = await office.create(window=window, ends_in=86_400)
    await office.until_counts(mailing, PENDING=3)

    # When somebody who sits where its clients live wonders why nothing is sent, then the overview says it
    await desk.go("/")
    card = page.get_by_role("article", name=office.name, exact=True)
    await expect(card).to_contain_text("The window is closed in all time zones until")
    opens = card.locator("time").first
    await expect(opens).to_contain_text(window["opensAt"])
    # And so does the list
    await desk.go(f"/mailings?search={mailing}")
    await expect(page.get_by_role("row").filter(has_text=mailing)).to_contain_text("until")
    # And the mailing's page says for how many it opens then
    await desk.go(f"/mailings/{mailing}")
    note = page.get_by_role("note").filter(has_text="the window is closed in all time zones")
    await expect(note).to_contain_text("for 3 messages: all that wait")
    assert await faults(page) == []


async def test_the_chart_of_the_last_days_can_be_read_with_the_keyboard_and_as_a_table(
    desk: Desk, office: Office
) -> None:
    # Given messages that were sent today
    await office.add_clients(2)
    assert await office.result(await office.create()) == Counter(SENT=2)

    # When somebody goes to the chart with the keyboard
    await desk.go("/")
    figure = desk.page.get_by_role("figure", name="Messages by outcome on each of the last 14 days")
    chart = figure.get_by_role("slider")
    await chart.focus()

    # Then today's figures are said, and those of the days before with the arrow keys
    today = await chart.get_attribute("aria-valuetext")
    assert today is not None
    assert "Sent " in today
    await desk.page.keyboard.press("Home")
    await expect(chart).to_have_attribute("aria-valuenow", "1")
    # And the table has all of them, the newest first
    await figure.get_by_text("Figures as a table").click()
    rows = figure.get_by_role("row")
    await expect(rows).to_have_count(15)
    await expect(rows.nth(1)).to_contain_text(today.partition(":")[0])


async def test_it_fits_a_phone_and_speaks_russian(browser: Browser, service: Service, office: Office) -> None:
    await office.add_clients(1)
    await office.create(maxRate=1, starts_in=3_600, ends_in=7_200)
    async with seated(browser, service.address, viewport=PHONE, locale="ru-RU") as desk:
        # When
        await desk.page.goto(desk.home)
        await desk.heading("Обзор").wait_for()
        await (
            desk.page.get_by_role("link", name="ждёт своего начала")
            .or_(desk.page.get_by_role("link", name="ждут своего начала"))
            .wait_for()
        )

        # Then nothing is wider than the screen
        assert await desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
