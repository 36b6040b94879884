"""`mailing worker` with a wall clock that can be stepped while it runs: time.time() and datetime.now() of the whole
process, and nothing else. SIGUSR1 puts it an hour ahead, SIGUSR2 an hour back.

Run as a program: python -m tests.faults.skewed_worker
"""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

import time_machine

from mailing.cli import app
from tests.faults.process_faults import HOUR_AHEAD, HOUR_BACK

HOUR = timedelta(hours=1)


def main() -> None:
    """Be a worker, until SIGTERM."""
    clock = time_machine.travel(timedelta(0), tick=True).start()
    time.time()  # It ticks from its first look on.

    def stepping(by: timedelta) -> Callable[[int, FrameType | None], None]:
        return lambda *_: clock.shift(by)

    signal.signal(HOUR_AHEAD, stepping(HOUR))
    signal.signal(HOUR_BACK, stepping(-HOUR))
    app(["worker"])


if __name__ == "__main__":
    main()
