"""Clients, from the outside: add (B1), update (B2), delete (B3)."""

from collections import Counter

from tests.e2e.documents import CLIENT
from tests.e2e.office import Office, next_phone
from tests.e2e.outside import Outside
from tests.e2e.window_times import closed_in, local_hour
from tests.gql_api.api import Api

ALL_OF_TAG = f"query ($tag: String!) {{ clients(filter: {{tags: [$tag]}}) {{ totalCount nodes {{ {CLIENT} }} }} }}"


async def test_a_client_is_added_with_all_attributes_and_found_by_id_and_by_tag(office: Office, api: Api) -> None:
    # When
    values = {"phone": next_phone(), "operatorCode": "926", "tag": office.name, "timezone": "Asia/Vladivostok"}
    client = await office.change("createClient", **values)

    # Then
    assert client == values | {"id": client["id"]}
    assert client["id"].startswith("client_")
    assert await office.client(client["id"]) == client
    assert await api.ask(ALL_OF_TAG, tag=office.name) == {"clients": {"totalCount": 1, "nodes": [client]}}


async def test_the_operator_code_is_taken_from_the_phone_where_none_is_given(office: Office) -> None:
    client = await office.change("createClient", phone=next_phone(), timezone="Europe/Moscow")
    assert (client["operatorCode"], client["tag"]) == ("916", "")


async def test_a_client_is_changed_attribute_by_attribute(office: Office) -> None:
    # Given
    client = await office.add_client()

    # When
    phone = next_phone()
    await office.change("updateClient", id=client["id"], timezone="Asia/Omsk")
    changed = await office.change("updateClient", id=client["id"], phone=phone, operatorCode="77", tag="vip")

    # Then
    assert changed == {
        "id": client["id"],
        "phone": phone,
        "operatorCode": "77",
        "tag": "vip",
        "timezone": "Asia/Omsk",
    }
    assert await office.client(client["id"]) == changed


async def test_a_client_is_deleted_once_and_gone_from_every_answer(office: Office, api: Api) -> None:
    # Given
    client = await office.add_client()

    # When
    assert await office.change("deleteClient", id=client["id"]) == {"id": client["id"]}

    # Then
    assert await office.client(client["id"]) is None
    assert await api.ask(ALL_OF_TAG, tag=office.name) == {"clients": {"totalCount": 0, "nodes": []}}
    not_found = {"__typename": "NotFound", "message": "There is no such client.", "id": client["id"]}
    assert await office.mutate("deleteClient", id=client["id"]) == not_found
    assert await office.mutate("updateClient", id=client["id"], tag="ghost") == not_found


async def test_no_two_clients_have_the_same_phone(office: Office) -> None:
    # Given
    first, second = await office.add_client(), await office.add_client()
    taken = {"__typename": "PhoneAlreadyRegistered", "message": "Another client has this phone.", "client": first}

    # When a third one comes with the first one's phone, or the second one takes it, then neither is done
    assert await office.mutate("createClient", phone=first["phone"], timezone="Europe/Moscow") == taken
    assert await office.mutate("updateClient", id=second["id"], phone=first["phone"]) == taken
    assert await office.client(second["id"]) == second

    # Once the first is deleted, the phone is free
    await office.change("deleteClient", id=first["id"])
    assert (await office.change("updateClient", id=second["id"], phone=first["phone"]))["phone"] == first["phone"]


async def test_all_problems_of_a_client_are_told_at_once(office: Office) -> None:
    answer = await office.mutate("createClient", phone="8916", operatorCode="abc", tag="x" * 101, timezone="Moscow")
    assert answer["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in answer["problems"]] == [["phone"], ["operatorCode"], ["tag"], ["timezone"]]
    assert all(problem["message"] for problem in answer["problems"])


async def test_what_waits_for_a_deleted_client_is_cancelled_and_the_others_get_theirs(
    office: Office, outside: Outside
) -> None:
    # Given a mailing whose messages wait for the window
    window = closed_in(local_hour("Europe/Moscow"))
    leaving, *staying = await office.add_clients(4)
    mailing = await office.create(window=window)
    await office.until_counts(mailing, PENDING=4)

    # When one client is deleted, and then the window is taken away
    await office.change("deleteClient", id=leaving["id"])
    assert await office.counts(mailing) == Counter(PENDING=3, CANCELLED=1)
    await office.change("updateMailing", id=mailing, window=None)

    # Then only the others are texted, and of the deleted one nothing but the number is left
    assert await office.result(mailing) == Counter(SENT=3, CANCELLED=1)
    assert {taken.phone for taken in await outside.taken(office.name)} == {int(one["phone"]) for one in staying}
    cancelled = [one for one in await office.messages(mailing) if one["status"] == "CANCELLED"]
    assert [message["client"] for message in cancelled] == [None]
