"""Every screen, in both themes: axe-core finds nothing serious on it."""

from collections import Counter

from tests.e2e.office import Office
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk


async def test_nothing_is_in_the_way_of_those_who_do_not_see_or_use_no_mouse(desk: Desk, office: Office) -> None:
    # Given something to show
    client = (await office.add_client())["id"]
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)
    (message,) = await office.messages(mailing, "id")
    paths = [
        "/",
        "/mailings",
        "/mailings/new",
        f"/mailings/{mailing}",
        f"/mailings/{mailing}/edit",
        "/clients",
        "/clients/new",
        "/clients/import",
        f"/clients/{client}",
        f"/clients/{client}/edit",
        f"/messages/{message['id']}",
        "/why",
        "/provider",
        "/report",
        "/tokens",
        "/not/a/page",
    ]

    # When each is looked at in the light, and its colours also in the dark
    found: dict[str, list[str]] = {}
    for path in paths:
        await desk.page.emulate_media(color_scheme="light")
        await desk.go(path)
        in_the_light = await faults(desk.page)
        await desk.page.emulate_media(color_scheme="dark")
        in_the_dark = await faults(desk.page, "color-contrast")
        found |= {path: [*in_the_light, *in_the_dark]} if in_the_light or in_the_dark else {}

    # Then
    assert found == {}
