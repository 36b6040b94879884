"""The tour and what the README asks, done in their order on a fresh `mailing up`, as a newcomer would."""

import json
import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e.service import Service
from tests.running import run
from tests.waiting import until

ROOT = Path(__file__).parents[2]
README, TOUR = (ROOT / "README.md").read_text(), (ROOT / "docs/tour.md").read_text()
SCRIPTS = Path(sys.executable).parent


async def test_every_query_of_the_tour_gives_what_it_promises(newcomer: Service) -> None:
    # When: each is pasted into the client that the tour names, once a mailing that shall be looked at has begun
    answers = []
    for query in queries(TOUR):
        if "attempts {" in query:
            await until(partial(has_begun, newcomer), seconds=30)
        answers.append(await paste(newcomer, query))

    # Then
    created, updated, mailing, messages, live, overall, detailed, why, edited, at_night, cancelled, deleted = answers
    assert created == [
        {
            "createClient": {
                "id": "client_1001",
                "phone": "79161234567",
                "operatorCode": "916",
                "tag": "newcomer",
                "timezone": "Europe/Moscow",
            }
        }
    ]
    assert updated[0]["updateClient"]["timezone"] == "Asia/Vladivostok"
    assert mailing == [{"createMailing": {"id": "mailing_2", "status": "SCHEDULED"}}]
    assert messages[0]["mailing"]["messages"]["totalCount"] > 0
    last = live[-1]["mailingProgress"]
    assert (last["mailing"]["status"], last["sent"]) == ("FINISHED", last["total"])
    assert overall[0]["statistics"]["mailings"] == 2
    assert detailed[0]["mailing"]["statistics"]["byStatus"][2] == {"status": "SENT", "count": last["total"]}
    assert why[0]["explain"]["outcome"] == "SENT"
    assert {"field": "timezone", "before": "Europe/Moscow", "after": "Asia/Vladivostok"} in [
        change for entry in why[0]["client"]["timeline"]["nodes"] for change in entry["changes"]
    ]
    assert edited[0]["updateMailing"]["window"] is None
    assert at_night == [{"createMailing": {"id": "mailing_3", "status": "SCHEDULED"}}]
    assert cancelled[0]["cancelMailing"]["status"] == "CANCELLED"
    assert deleted == [{"deleteMailing": {"id": "mailing_3"}, "deleteClient": {"id": "client_1001"}}]


async def test_the_readme_shows_the_last_mailings(newcomer: Service) -> None:
    # When
    (query,) = queries(README)
    (answer,) = await paste(newcomer, query)

    # Then
    first = answer["mailings"]["nodes"][0]
    assert first["id"] == "mailing_1"
    assert first["progress"].keys() >= {"total", "sent", "failed", "pending"}


async def test_the_tours_import_takes_the_good_row_and_lists_the_bad_one(newcomer: Service, tmp_path: Path) -> None:
    # Given
    (commands,) = re.findall(r"^(printf .*?)^```", TOUR, re.DOTALL | re.MULTILINE)
    commands = commands.replace(".venv/bin/mailing import", f"{SCRIPTS}/mailing import --data-dir {newcomer.data_dir}")

    # When
    ran = await run("bash", "-c", commands, folder=tmp_path)

    # Then: 2 says that some rows were rejected
    assert ran.status == 2, ran
    rejected = (tmp_path / "rejected.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in rejected] == [["line", "field"], ["3", "phone"], ["3", "timezone"]]


def queries(document: str) -> list[str]:
    return re.findall(r"^```graphql\n(.*?)^```", document, re.DOTALL | re.MULTILINE)


async def has_begun(service: Service) -> bool:
    (answer,) = await paste(service, '{ mailing(id: "mailing_2") { progress { total } } }')
    return bool(answer["mailing"]["progress"]["total"])


async def paste(service: Service, query: str) -> list[dict[str, Any]]:
    """What gql-cli prints for a query: one document, or one for each event of a subscription."""
    scheme = "ws" if query.startswith("subscription") else "http"
    url = f"{scheme}://{service.address}/graphql"
    ran = await run(SCRIPTS / "gql-cli", url, folder=service.data_dir, seconds=30, stdin=query)
    assert ran.status == 0, (query, ran)
    return [json.loads(line) for line in ran.output.splitlines()]
