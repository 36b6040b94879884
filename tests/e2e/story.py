"""The logs of a running service, read as an operator would read them."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.e2e.service import Service
from tests.running import run
from tests.waiting import until

Line = dict[str, Any]


async def told_of(id: str, service: Service) -> list[Line]:
    """All lines that name it, in order, as `mailing logs` finds them."""
    command = (sys.executable, "-P", "-m", "mailing", "logs", id, "--json", "--data-dir", service.data_dir)
    shown = await run(*command, folder=service.data_dir)
    return [json.loads(line) for line in shown.output.splitlines()]


async def until_told(id: str, event: str, service: Service, *, times: int = 1) -> list[Line]:
    """The same, once the event is among them so often: a process writes its lines after it has done what they tell."""

    async def is_told() -> bool:
        return len([line for line in await told_of(id, service) if line["event"] == event]) >= times

    await until(is_told, seconds=60)
    return await told_of(id, service)


def steps(lines: Iterable[Line], *names: str) -> list[str]:
    """Who did what: `api client.created`; of these events alone, if any are named."""
    return [f"{line['process']} {line['event']}" for line in lines if not names or line["event"] in names]


def log_files(service: Service) -> list[Path]:
    """Everything that the service has said, wherever that went."""
    return [*(service.data_dir / "logs").iterdir(), service.data_dir.parent / "up.log"]
