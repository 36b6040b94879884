"""How verdicts are shown: a line for each run, a table at the end."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from tests.faults.run import Verdict


def line(verdict: Verdict) -> str:
    """Seed, faults, seconds, repeats and bound; what was violated, if anything was."""
    faults = ", ".join(f"{fault} ×{n}" if n > 1 else fault for fault, n in Counter(map(str, verdict.faults)).items())
    text = (
        f"seed {verdict.plan.seed}: {'FAILED' if verdict.violations else 'ok'}, {verdict.seconds:.0f} s, "
        f"repeats {verdict.repeats} of at most {verdict.bound} "
        f"({'idempotent' if verdict.plan.idempotent else 'not idempotent'}); {len(verdict.faults)} faults: {faults}"
    )
    return "\n".join([text, *(f"    {name}: {what}" for name, what in verdict.violations.items()), *_kept(verdict)])


def table(verdicts: Sequence[Verdict]) -> Table:
    """All runs at a glance, and how often each fault was played."""
    shown = Table("seed", "faults", "seconds", "repeats", "bound", "violated", title="Runs")
    for verdict in verdicts:
        shown.add_row(
            str(verdict.plan.seed),
            str(len(verdict.faults)),
            f"{verdict.seconds:.0f}",
            str(verdict.repeats),
            str(verdict.bound),
            ", ".join(verdict.violations) or "–",
            style="red" if verdict.violations else None,
        )
    return shown


def fault_table(verdicts: Sequence[Verdict]) -> Table:
    """How often each fault befell whom."""
    shown = Table("fault", "times", title="Faults played")
    played = Counter(
        f"{fault.target.rstrip(' 0123456789')} {fault.name}" for verdict in verdicts for fault in verdict.faults
    )
    for fault, times in sorted(played.items()):
        shown.add_row(fault, str(times))
    return shown


def _kept(verdict: Verdict) -> list[str]:
    return [f"    logs and timeline: {verdict.kept}"] if verdict.kept else []
