import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mailing.supervisor import supervisor as supervisor_module
from mailing.supervisor.part import Part
from mailing.supervisor.supervised import PartFailedError, StopRequestedError
from mailing.supervisor.supervisor import Supervisor
from tests.embedded.processes import eventually, is_gone

FOREVER = "import time\nwhile True: time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n{FOREVER}"


def test_a_part_that_dies_is_started_again_while_the_others_keep_running() -> None:
    # Given two parts
    said: list[str] = []
    supervisor = Supervisor(said.append)
    one, other = _part("one"), _part("other")
    supervisor.start([one, other])
    first, kept = one.pid, other.pid
    assert first

    # When one is killed
    with _watching(supervisor):
        os.kill(first, signal.SIGKILL)
        # Then it comes back, and the other was not touched
        assert eventually(lambda: one.pid != first and not is_gone(one.pid))
        assert other.pid == kept
        assert not is_gone(kept)
    assert said == ["one ended (killed by SIGKILL); starting it again in 0.5 s", "one is started again"]
    assert is_gone(one.pid)
    assert is_gone(kept)


def test_a_part_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    # Given a part that notes its start and ends at once
    notes = tmp_path / "notes"
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start([_part("fragile", f"import time; open({str(notes)!r}, 'a').write(f'{{time.time()}}\\n')")])

    # When it is watched for three starts
    with _watching(supervisor):
        assert eventually(lambda: notes.exists() and len(notes.read_text().split()) == 3)

    # Then each wait was twice as long as the one before
    first, second, third = (float(line) for line in notes.read_text().split())
    assert second - first >= 0.5
    assert third - second >= 1
    assert said[0] == "fragile ended (exit status 0); starting it again in 0.5 s"
    assert said[2] == "fragile ended (exit status 0); starting it again in 1 s"


def test_a_part_that_cannot_even_be_launched_again_is_tried_again(tmp_path: Path) -> None:
    # Given a part whose program disappears
    program = tmp_path / "program"
    program.symlink_to("/bin/cat")
    said: list[str] = []
    supervisor = Supervisor(said.append)
    part = Part("gone", [str(program)], {})  # It reads nothing, and ends.
    supervisor.start([part])
    program.unlink()

    # When it is watched, then the failure counts as an end
    with _watching(supervisor):
        assert eventually(lambda: any("No such file" in line and "again in 1 s" in line for line in said))


def test_a_part_that_does_not_start_is_an_error_that_names_it() -> None:
    supervisor = Supervisor(print)
    try:
        with pytest.raises(PartFailedError, match="broken did not start: exit status 3"):
            supervisor.start([_part("steady"), Part("broken", *_python("raise SystemExit(3)"), ready=lambda: False)])
        with pytest.raises(PartFailedError, match="silent did not start: it runs, but does not answer"):
            supervisor.start([Part("silent", *_python(FOREVER), ready=lambda: False)], timeout_seconds=0.1)
    finally:
        supervisor.stop()


def test_a_part_that_ends_soon_after_its_start_did_not_start() -> None:
    supervisor = Supervisor(print)
    try:
        with pytest.raises(PartFailedError, match="hasty did not start: exit status 5"):
            supervisor.start([_part("steady"), _part("hasty", "raise SystemExit(5)")], steady_seconds=30)
    finally:
        supervisor.stop()


def test_a_start_watches_for_as_long_as_it_is_told() -> None:
    supervisor = Supervisor(print)
    try:
        began = time.monotonic()
        supervisor.start([_part("steady")], steady_seconds=0.3)
        assert 0.3 <= time.monotonic() - began < 3
    finally:
        supervisor.stop()


def test_a_program_that_is_to_end_is_waited_for() -> None:
    supervisor = Supervisor(print)
    supervisor.run(_part("good", "pass"))
    with pytest.raises(PartFailedError, match="bad failed: exit status 4"):
        supervisor.run(_part("bad", "raise SystemExit(4)"))


def test_a_stop_that_is_requested_during_the_start_ends_the_start() -> None:
    supervisor = Supervisor(print)

    def never() -> bool:
        supervisor.request_stop()
        return False

    waiting = Part("waiting", *_python(FOREVER), ready=never)
    with pytest.raises(StopRequestedError):
        supervisor.start([waiting])
    supervisor.stop()
    assert is_gone(waiting.pid)


def test_a_stop_ends_the_last_layer_first_and_kills_the_stubborn(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a foundation, and on it a part that does not hear
    monkeypatch.setattr(supervisor_module, "STOP_PATIENCE_SECONDS", 0.3)
    said: list[str] = []
    supervisor = Supervisor(said.append)
    order: list[str] = []
    foundation, stubborn = _Noted("foundation", order), _Noted("stubborn", order, STUBBORN)
    supervisor.start([foundation])
    supervisor.start([stubborn])
    assert eventually(lambda: "deaf" in capfd.readouterr().out)

    # When all stops, then it is killed after its time, and only then the foundation is asked to end
    supervisor.stop()
    assert order == ["terminate stubborn", "kill stubborn", "terminate foundation"]
    assert said == ["stubborn does not stop by itself: killing it"]
    assert (stubborn.exit_code(), foundation.exit_code()) == (-signal.SIGKILL, -signal.SIGTERM)


def test_above_an_empty_foundation_parts_have_a_layers_time_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a foundation of other people's servers, which is in no hurry to be gone
    monkeypatch.setattr(supervisor_module, "FOUNDATION_PATIENCE_SECONDS", 0)
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start([])
    part = _part("part")
    supervisor.start([part])

    # When all stops, then the part ends by itself
    supervisor.stop()
    assert (said, part.exit_code()) == ([], -signal.SIGTERM)


def test_what_a_dead_part_had_started_itself_goes_with_it(tmp_path: Path) -> None:
    # Given a part that starts a process of its own, and ends
    note = tmp_path / "pid"
    script = (
        f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {FOREVER!r}])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))"
    )
    part = _part("parent", script)
    part.launch()
    assert eventually(lambda: part.exit_code() is not None)

    # Then that process is gone as well
    assert eventually(lambda: is_gone(int(note.read_text())))


def test_a_part_is_out_of_reach_of_the_terminals_ctrl_c() -> None:
    supervisor = Supervisor(print)
    part = _part("apart")
    supervisor.start([part])
    assert part.pid
    assert os.getsid(part.pid) == os.getpgid(part.pid) == part.pid
    supervisor.stop()


SUPERVISOR = f"""
import sys
from mailing.supervisor.part import Part
from mailing.supervisor.stop_signals import on_stop_signal
from mailing.supervisor.supervisor import Supervisor
supervisor = Supervisor(print)
with on_stop_signal(supervisor.request_stop):
    parts = [Part(str(n), [sys.executable, "-c", {FOREVER!r}], {{}}) for n in range(3)]
    supervisor.start(parts[:1])
    supervisor.start(parts[1:])
    print(*(part.pid for part in parts), flush=True)
    supervisor.watch()
    supervisor.stop()
"""


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_whatever_ends_the_supervisor_no_process_is_left(which: signal.Signals) -> None:
    # Given a supervisor at work
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        children = [int(pid) for pid in process.stdout.readline().split()]
        assert [child.pid for child in psutil.Process(process.pid).children()] == children

        # When it is told to stop, or killed
        asked_at = time.monotonic()
        process.send_signal(which)

        # Then soon nothing is left, and an orderly stop is a good end
        assert process.wait(10) == (-signal.SIGKILL if which is signal.SIGKILL else 0)
        assert eventually(lambda: all(is_gone(child) for child in children))
        assert time.monotonic() - asked_at < 3


def _python(script: str) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-I", "-S", "-c", script], {}


def _part(name: str, script: str = FOREVER) -> Part:
    return Part(name, *_python(script))


class _Noted(Part):
    """Writes down what it is asked to do."""

    def __init__(self, name: str, notes: list[str], script: str = FOREVER) -> None:
        super().__init__(name, *_python(script))
        self._notes = notes

    def terminate(self) -> None:
        self._notes.append(f"terminate {self.name}")
        super().terminate()

    def kill(self) -> None:
        self._notes.append(f"kill {self.name}")
        super().kill()


@contextmanager
def _watching(supervisor: Supervisor) -> Iterator[None]:
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    try:
        yield
    finally:
        supervisor.request_stop()
        thread.join()
        supervisor.stop()
