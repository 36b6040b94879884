import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

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
            # A connection that is kept alive, as this one is, must not hold the process up.
            admin = urlsplit(ledger)
            with closing(HTTPConnection(admin.netloc, timeout=30)) as connection:
                connection.request("GET", admin.path.replace("_ledger", "_scenario"))
                assert json.load(connection.getresponse())["seed"] == 9

                os.kill(process.pid, number)
                assert process.wait(60) == 0
            assert process.stdout.read() == ""
        finally:
            process.kill()
