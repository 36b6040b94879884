"""Clients, as people see and change them in the admin UI."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.office import MOSCOW, Office, next_phone
from tests.e2e.ui.clients_screens import Clients
from tests.e2e.ui.desk import Desk
from tests.e2e.window_times import closed_in, local_hour


@pytest.fixture
def clients(desk: Desk) -> Clients:
    return Clients(desk)


def shown(phone: str) -> str:
    """Blanks and hyphens are those that no line is broken at."""
    return f"+7\u00a0{phone[1:4]}\u00a0{phone[4:7]}\u2011{phone[7:9]}\u2011{phone[9:]}"


async def test_a_client_is_added_found_changed_and_deleted(desk: Desk, clients: Clients, office: Office) -> None:
    # Given a phone that somebody has already, and one that nobody has
    taken, phone = (await office.add_client())["phone"], next_phone()

    # When a form is sent that is wrong in every way
    await desk.go("/clients/new")
    await clients.fill(phone="12", operator_code="a", tag=office.name)
    await clients.press("Add the client")
    # Then each field says why, and what was typed is still there
    await clients.said("A phone number is 7 and ten more digits").wait_for()
    await clients.said("An operator code is 1 to 8 digits").wait_for()
    await clients.said("This cannot be left out.").wait_for()
    assert await desk.page.get_by_label("Tag").input_value() == office.name

    # When the rest is right, but another client has the phone
    await clients.fill(phone=taken, operator_code="")
    await clients.choose_zone("+06", "Asia/Omsk")
    await clients.press("Add the client")
    # Then the form leads to that client
    await clients.said("Another client has this phone").wait_for()

    # When it is a new one, written as people do
    await clients.fill(phone=f"8 ({phone[1:4]}) {phone[4:7]}-{phone[7:9]}-{phone[9:]}")
    await clients.press("Add the client")
    # Then there is the client, with the operator code of the phone
    await desk.heading(shown(phone)).wait_for()
    id = desk.page.url.rpartition("/")[2]
    assert await office.client(id) == {
        "id": id,
        "phone": phone,
        "operatorCode": phone[1:4],
        "tag": office.name,
        "timezone": "Asia/Omsk",
    }

    # When somebody looks for the id
    await desk.go("/clients")
    await clients.search(id)
    # Then the list has this one alone
    await expect(clients.rows).to_contain_text([shown(phone)])

    # When somebody looks for the last digits, with the tag
    await clients.search(f"{phone[1:4]} {phone[4:]}")
    await desk.page.get_by_text("1 client", exact=True).wait_for()
    # Then the list has this one alone, also after a reload
    await desk.page.reload()
    await desk.page.get_by_role("link", name=shown(phone)).click()

    # When the tag is changed
    await desk.page.get_by_role("link", name="Edit").click()
    await clients.fill(tag=f"{office.name} b")
    await clients.press("Save")
    # Then that is told, with the old value and the new one
    await desk.heading(shown(phone)).wait_for()
    await clients.said("Client changed").wait_for()

    # When the client is deleted
    await clients.press("Delete")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_text("No message waits to be sent.").wait_for()
    await dialog.get_by_role("button", name="Delete the client").click()
    # Then the address of the client tells what happened
    await desk.heading("Clients").wait_for()
    await desk.go(f"/clients/{id}")
    await desk.heading("There is no such client").wait_for()
    await clients.said("Client deleted").wait_for()
    assert await office.client(id) is None


async def test_before_a_deletion_it_is_told_what_will_be_cancelled(
    desk: Desk, clients: Clients, office: Office
) -> None:
    # Given a client whom a mailing has chosen, but must not text now
    client = await office.add_client()
    mailing = await office.create(window=closed_in(local_hour(MOSCOW)))
    await office.until_counts(mailing, PENDING=1)

    # When somebody is about to delete the client
    await desk.go(f"/clients/{client['id']}")
    await clients.press("Delete")
    dialog = desk.page.get_by_role("dialog")

    # Then the dialog says so, and without a word nothing is deleted
    await dialog.get_by_text("1 message that waits to be sent will be cancelled.").wait_for()
    await dialog.get_by_role("button", name="Cancel").click()
    assert await office.client(client["id"]) is not None


async def test_the_list_is_narrowed_by_tag_and_code_and_paged(desk: Desk, clients: Clients, office: Office) -> None:
    # Given more clients than a page holds, a few of another operator
    await office.add_clients(48)
    await office.add_clients(4, operatorCode="77777")

    # When the list shows those with the tag
    await desk.go(f"/clients?tag={office.name}")
    await desk.page.get_by_text("52 clients", exact=True).wait_for()
    # Then it has pages
    assert await clients.rows.count() == 50
    await desk.page.get_by_role("link", name="Next").click()
    await desk.page.wait_for_url(re.compile("after="))
    await clients.rows.nth(2).wait_for(state="detached")
    assert await clients.rows.count() == 2

    # When an operator code is added, by typing it
    await desk.page.get_by_role("combobox", name="Operator codes").fill("77777")
    await desk.page.keyboard.press("Enter")
    # Then it begins anew with those of both
    await desk.page.get_by_text("4 clients", exact=True).wait_for()
    assert await clients.rows.count() == 4

    # When nobody is like that
    await clients.search("nobody at all")
    # Then it says so
    await desk.page.get_by_text("No client matches.").wait_for()
