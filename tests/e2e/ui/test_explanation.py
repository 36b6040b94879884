"""Why a client was, was not, or will be sent a mailing, as the admin UI tells it."""

from collections import Counter

from playwright.async_api import Locator, expect

from tests.e2e.office import Office
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk


async def test_an_operator_finds_out_why_somebody_got_nothing(desk: Desk, office: Office) -> None:
    # Given a mailing that one client got, and another was not meant to get
    lucky = await office.add_client()
    other = await office.add_client(tag=f"{office.name} other")
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)

    # When the other is picked by the phone, and the mailing by its id
    await desk.go("/why")
    await _pick(desk, "Client", other["phone"], other["id"])
    await _pick(desk, "Mailing", mailing, mailing)
    # Then it is said in words, with the facts
    answer = await _answer(desk, "Not sent")
    await answer.get_by_text(f"It was for the tags {office.name}; the client has {office.name} other.").wait_for()
    assert await desk.page.get_by_role("row", name="Lets the client in").locator("td").all_inner_texts() == ["no", "no"]
    assert await faults(desk.page) == []

    # When the one who got it is picked instead, by keyboard
    await desk.page.get_by_role("combobox", name="Client").fill(lucky["id"])
    await expect(desk.page.get_by_role("option")).to_contain_text([lucky["id"]])
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    # Then that is told, and the address leads to the same answer
    await _answer(desk, "Sent")
    await desk.page.reload()
    answer = await _answer(desk, "Sent")
    await answer.get_by_text("The provider accepted it.").wait_for()


async def test_the_answer_follows_what_happens(desk: Desk, office: Office) -> None:
    # Given a client for whom there is a mailing that has not started
    client = await office.add_client()
    mailing = await office.create(starts_in=600, ends_in=1_200)
    await desk.go(f"/why?client={client['id']}&mailing={mailing}")
    await _answer(desk, "Not sent yet")

    # When the mailing is cancelled
    await office.mutate("cancelMailing", id=mailing)

    # Then the page says so by itself, and also once the client is deleted
    await _answer(desk, "Not sent")
    await office.mutate("deleteClient", id=client["id"])
    await desk.page.reload()
    answer = await _answer(desk, "Not sent")
    await answer.get_by_text("The mailing was cancelled first.").wait_for()


async def _pick(desk: Desk, field: str, typed: str, id: str) -> None:
    await desk.page.get_by_role("combobox", name=field).fill(typed)
    await desk.page.get_by_role("option").filter(has_text=id).click()


async def _answer(desk: Desk, title: str) -> Locator:
    answer = desk.page.get_by_role("status").filter(has=desk.page.get_by_role("heading", name=title, exact=True))
    await answer.wait_for()
    return answer
