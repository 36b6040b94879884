"""Making and changing mailings, in front of somebody who sees beforehand what will come of it."""

import re
from collections import Counter

from playwright.async_api import expect

from tests.e2e.office import Office
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.mailing_form import MailingForm, in_moscow, near, tomorrow
from tests.waiting import until

KAMCHATKA = "Asia/Kamchatka"


async def test_who_gets_it_and_when_is_seen_while_a_mailing_is_typed(desk: Desk, office: Office) -> None:
    # Given clients at both ends of the country
    await office.add_clients(3)
    await office.add_clients(2, timezone=KAMCHATKA)
    form, day = MailingForm(desk), tomorrow()

    # When a mailing to them is typed
    await form.open()
    await form.text.fill(f"{office.name} — now!")
    await form.add(office.name, to="Tags")
    await form.begin_at(day, 12)
    await form.end_at(day, 15)

    # Then the page says to how many it goes, who they are, and what the dash costs
    await form.audience.get_by_text("5 clients", exact=True).wait_for()
    await form.audience.get_by_text("1 SMS each: 5 SMS in all").wait_for()
    await expect(form.audience.get_by_role("listitem")).to_contain_text(["916", office.name, "Europe/Moscow3 · 60%"])
    await form.desk.page.get_by_text("1 SMS (UCS-2, room for").wait_for()
    # and at which hours of the viewer's day, also that some would get nothing
    noon = near(day, 12)
    await expect(form.hours).to_have_text([f"Europe/Moscow310:00–20:00{noon}", f"{KAMCHATKA}201:00–11:00never"])
    await desk.page.get_by_text(
        f"2 clients get nothing: between start and end these hours do not come in {KAMCHATKA}."
    ).wait_for()
    assert await faults(desk.page) == []

    # When the hours are made longer
    await form.field("To").fill("23:30")
    # Then all of them are reached
    await expect(form.hours.last).to_have_text(f"{KAMCHATKA}201:00–14:30{noon}")
    await expect(desk.page.get_by_text("get nothing")).to_have_count(0)

    # When it is created
    await form.press("Create")
    # Then it is what was typed
    id = await form.made()
    assert await office.mailing(id) == {
        "id": id,
        "text": f"{office.name} — now!",
        "startsAt": in_moscow(day, 12),
        "endsAt": in_moscow(day, 15),
        "filter": {"operatorCodes": [], "tags": [office.name]},
        "window": {"opensAt": "10:00", "closesAt": "23:30"},
        "maxRate": None,
        "status": "SCHEDULED",
    }

    # When the start is moved by somebody while another changes the rate
    await form.open(f"/mailings/{id}/edit")
    await form.begin_at(day, 13)
    await office.change("updateMailing", id=id, maxRate=7)
    await form.press("Save")
    # Then both have their way
    await form.made()
    await until(lambda: _starts_at(office, id, in_moscow(day, 13)))
    assert (await office.mailing(id, "maxRate")) == {"maxRate": 7}


async def test_everything_that_is_wrong_is_told_beside_its_field(desk: Desk) -> None:
    # Given a form with mistakes
    form = MailingForm(desk)
    await form.open()
    await form.add("beeline", to="Operator codes")
    await form.end_at(tomorrow().replace(year=2020), 12)
    await form.field("To").fill("10:00")
    await form.field("Messages a second, at most").fill("0")

    # When it is sent
    await form.press("Create")

    # Then each has its place, and the first is where the keyboard is
    await expect(form.text).to_be_focused()
    for field, problem in (
        (form.text, "Write what is to be sent."),
        (form.list_of("Operator codes"), "An operator code is 1 to 8 digits, such as 916: not beeline."),
        (form.field("Ends"), "This is past already."),
        (form.field("To"), "This is the same as the opening. For the whole day do without hours."),
        (form.field("Messages a second, at most"), "A whole number from 1 to 100,000, or nothing."),
    ):
        await expect(field).to_have_accessible_description(re.compile(f"^{re.escape(problem)}"))
    assert await faults(desk.page) == []


async def test_who_sends_at_once_or_changes_what_runs_is_told_first_what_that_means(desk: Desk, office: Office) -> None:
    # Given a mailing that is to go out at once, slowly
    await office.add_clients(8)
    await office.add_clients(2, operatorCode="999")
    form = MailingForm(desk)
    await form.open()
    await form.text.fill(office.name)
    await form.add(office.name, to="Tags")
    await desk.page.get_by_text("At once", exact=True).click()
    await desk.page.get_by_role("switch", name="Only at certain hours").uncheck()
    await form.field("Messages a second, at most").fill("1")

    # When it is sent
    await form.press("Create")
    # Then the consequences come first, in numbers
    await form.dialog.get_by_text("10 clients get this text at once").wait_for()
    await form.dialog.get_by_text("1 SMS each: 10 SMS in all").wait_for()
    assert await faults(desk.page) == []
    await form.press("Create and start")
    id = await form.made()
    await office.until_counts(id, SENT=1)

    # When it is paused, and another text is to go to some of its clients only
    await office.change("pauseMailing", id=id)
    await until(lambda: _nothing_is_on_its_way(office, id))
    counts = await office.counts(id)
    await form.open(f"/mailings/{id}/edit")
    await expect(form.field("Starts")).to_have_attribute("readonly", "")
    await form.text.fill(f"{office.name} anew")
    await form.add("999", to="Operator codes")
    await form.press("Save")
    # Then that is told in numbers, too
    await expect(form.dialog.get_by_role("listitem")).to_have_text(
        [
            "8 clients do not match any more. Their messages that are not sent yet are cancelled.",
            "Nothing is sent until all messages are checked.",
            f"{counts['PENDING']} messages that wait get the new text.",
            f"{counts['SENT']} {'is' if counts['SENT'] == 1 else 'are'} sent with the old text.",
        ]
    )
    await form.dialog.get_by_role("button", name="Save").click()
    await form.made()

    # When it has gone on to its end
    await office.change("resumeMailing", id=id)
    result = await office.result(id)
    # Then nobody was sent it but those who had it before, and those who match
    assert result["SENT"] + result["CANCELLED"] == 10
    assert 2 <= result["SENT"] <= counts["SENT"] + 2

    # When it is to be changed again, then it is too late for that, but not for a copy
    await desk.go(f"/mailings/{id}/edit")
    await desk.page.get_by_role("link", name="Make a copy").click()
    await desk.page.get_by_text("With the values of").wait_for()
    await expect(form.text).to_have_value(f"{office.name} anew")
    await expect(form.field("Messages a second, at most")).to_have_value("1")
    await form.audience.get_by_text("2 clients", exact=True).wait_for()


async def _starts_at(office: Office, id: str, moment: str) -> bool:
    return bool((await office.mailing(id, "startsAt"))["startsAt"] == moment)


async def _nothing_is_on_its_way(office: Office, id: str) -> bool:
    return (await office.counts(id) & Counter(SENDING=1)) == Counter()
