"""What is kept of a run that failed, so that its cause can be found."""

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.evidence import Evidence
from tests.faults.plan import Plan
from tests.faults.site import Site


def keep(site: Site, plan: Plan, evidence: Evidence, violations: Mapping[str, str]) -> Path:
    """Logs and journal, with timeline, books and events beside them; the folder."""
    folder = keep_logs(site, plan)
    (folder / "timeline.txt").write_text("\n".join(_timeline(site, plan, evidence, violations)) + "\n")
    for name in ("mailings", "messages", "attempts", "counts", "endings", "histories", "slots"):
        _write_table(folder / f"{name}.csv", getattr(evidence.books, name))
    _write_table(folder / "events.csv", evidence.events)
    return folder


def keep_logs(site: Site, plan: Plan) -> Path:
    """Copy what the processes wrote; the folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"mailing-faults-seed-{plan.seed}-", dir="/tmp"))
    for file in [*site.folder.glob("*.log"), site.provider.journal]:
        shutil.copy(file, folder)
    for server in (site.postgres, site.valkey):
        for log in server.logs():
            shutil.copy(log, folder / f"{server.name}-{log.name}")
    return folder


def _timeline(site: Site, plan: Plan, evidence: Evidence, violations: Mapping[str, str]) -> Iterable[str]:
    yield repr(replace(plan, faults=()))
    yield from (f"VIOLATED {name}: {what}" for name, what in violations.items())
    moments = [
        *((fault.began_at, f"{fault} begins") for fault in evidence.faults),
        *((fault.ended_at, f"{fault} ends") for fault in evidence.faults),
        *((moment.asked_at, f"{moment.mutation} asked") for moment in evidence.moments),
        *((moment.confirmed_at, f"{moment.mutation} confirmed") for moment in evidence.moments),
        *((end.ended_at, f"UNPLANNED {end}") for end in evidence.unplanned_ends),
        *((row.starts_at.timestamp(), f"mailing {row.id} starts") for row in evidence.books.mailings),
        *((row.ends_at.timestamp(), f"mailing {row.id} ends") for row in evidence.books.mailings),
        *((float(note.split(" ", 1)[0]), note.split(" ", 1)[1]) for note in site.notes),
    ]
    for at, what in sorted(moments):
        yield f"{datetime.fromtimestamp(at, UTC).time()} {at:.3f} {what}"


def _write_table(path: Path, rows: list[Any]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        if rows:
            writer.writerow([field.name for field in fields(rows[0])])
        writer.writerows([json.dumps(v) if isinstance(v, dict) else v for v in astuple(row)] for row in rows)
