import json
import os
import signal
import subprocess
import sys
from time import monotonic
from urllib.request import urlopen

import pytest

PROGRAM = "from mailing.provider.fake import Scenario, run; run(scenario=Scenario(seed=9), admin_port=0)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_listens_and_ends_at_once_when_told(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            address, ledger = line.removeprefix("fake provider: ").rstrip(")\n").split(" (ledger: ")
            assert address.startswith("http://127.0.0.1:")
            assert address.endswith("/v1")
            # A connection that is kept alive must not hold the process up.
            with urlopen(ledger.replace("_ledger", "_scenario"), timeout=5) as answer:
                assert json.load(answer)["seed"] == 9

            told_at = monotonic()
            os.kill(process.pid, number)
            assert process.wait(5) == 0
            assert monotonic() - told_at < 2
            assert process.stdout.read() == ""
        finally:
            process.kill()
