"""Five thousand clients for the stories that need many, brought in as a company brings in its own: from a file."""

import subprocess
import sys
from dataclasses import dataclass

from tests.e2e.service import Service

SIZE = 5_000
_PER_CODE = 500


@dataclass(frozen=True, slots=True)
class Crowd:
    """Their phones; a tenth of them has each of the operator codes 900 to 909."""

    phones: frozenset[int]

    def audience(self, size: int = SIZE) -> dict[str, list[str]]:
        """A mailing's filter that chooses so many of them, a multiple of 500."""
        codes = [str(900 + n) for n in range(size // _PER_CODE)]
        return {"tags": ["crowd"], "operatorCodes": codes}


def import_crowd(service: Service) -> Crowd:
    """`mailing import`, into a running service. Raises if it fails."""
    phones = [79_000_000_000 + (n % 10) * 10_000_000 + n for n in range(SIZE)]
    rows = ["phone,operator_code,tag,timezone", *(f"{phone},,crowd,Europe/Moscow" for phone in phones)]
    subprocess.run(
        [sys.executable, "-P", "-m", "mailing", "import", "-", "--data-dir", str(service.data_dir)],
        input="\n".join(rows) + "\n",
        env=service.env,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
    return Crowd(frozenset(phones))
