"""Someone who pauses, resumes and perhaps cancels a mailing through the API, and does not give up."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp

from gql_api.ids import id_of
from tests.e2e.documents import MUTATIONS
from tests.faults.plan import Plan

_TRY_SECONDS = 3
_AGAIN_SECONDS = 0.1
_WANTED = {"pauseMailing": "PAUSED", "resumeMailing": "RUNNING", "cancelMailing": "CANCELLED"}
_STILL_TO_START = "SCHEDULED"


@dataclass(frozen=True, slots=True)
class Moment:
    """`asked_at`: when the first try left. `confirmed_at`: when the API said that it is so."""

    mutation: str
    mailing_id: int
    asked_at: float
    confirmed_at: float


async def steer(address: str, plan: Plan, mailing_id: int, begins_at: float, moments: list[Moment]) -> None:
    """Do what the plan says, each at its time or as soon as the API takes it. Adds to `moments`."""
    steps = [("pauseMailing", plan.steered_pauses_at), ("resumeMailing", plan.steered_resumes_at)]
    if plan.steered_is_cancelled_at is not None:
        steps.append(("cancelMailing", plan.steered_is_cancelled_at))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TRY_SECONDS)) as http:
        for mutation, at in steps:
            await asyncio.sleep(begins_at + at - time.time())
            asked_at = time.time()
            if mutation == "resumeMailing":
                # It counts from when it is asked: the mailing may be over before the API can confirm it.
                moments.append(Moment(mutation, mailing_id, asked_at, asked_at))
                await _insist(http, address, mutation, mailing_id)
            elif await _insist(http, address, mutation, mailing_id):
                moments.append(Moment(mutation, mailing_id, asked_at, time.time()))


async def _insist(http: aiohttp.ClientSession, address: str, mutation: str, mailing_id: int) -> bool:
    """Ask until it is so. False: the mailing is over, there is nothing to steer."""
    while True:
        answer = await _ask(http, address, mutation, mailing_id)
        match answer:
            case {"__typename": "Mailing"}:
                return True
            case {"mailing": {"status": status}} if status != _STILL_TO_START:
                # An earlier try did it, and its answer was lost; or the mailing is over.
                return bool(status == _WANTED[mutation])
        await asyncio.sleep(_AGAIN_SECONDS)


async def _ask(http: aiohttp.ClientSession, address: str, mutation: str, mailing_id: int) -> object:
    """What the mutation gave; None if there was no answer, or an error."""
    body = {"query": MUTATIONS[mutation], "variables": {"input": {"id": id_of("mailing", mailing_id)}}}
    try:
        async with http.post(f"http://{address}/graphql", json=body) as response:
            answer = await response.json() if response.status == 200 else {}
    except (OSError, TimeoutError, aiohttp.ClientError):
        return None
    data = answer.get("data") or {}
    result: object = data.get(mutation)
    return result
