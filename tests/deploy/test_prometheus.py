"""What deploy/ has for Prometheus and Grafana: by their own tools, and against docs/metrics.md."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.running import run

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboard.json").read_text())
METRICS = (ROOT / "docs" / "metrics.md").read_text()
ALERTS = (ROOT / "docs" / "alerts.md").read_text()
RULES = [rule for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"] for rule in group["rules"]]

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not there: apt-get install prometheus"
)

_OF_SAMPLES = re.compile(r"(?<=_seconds)_(bucket|count|sum)$|(?<=_batch_messages)_(count|sum)$")


@needs_promtool
@pytest.mark.parametrize(
    "command",
    [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")],
    ids=" ".join,
)
async def test_promtool_is_content(command: tuple[str, ...]) -> None:
    ran = await run("promtool", *command, folder=PROMETHEUS)
    assert ran.status == 0, ran.output + ran.errors


@needs_promtool
async def test_every_question_of_the_dashboard_is_one(tmp_path: Path) -> None:
    # Given rules of all of them, for which promtool has a check
    rules = [{"record": f"panel:{n}", "expr": expr} for n, expr in enumerate(_questions())]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))

    # Then
    ran = await run("promtool", "check", "rules", "rules.yml", folder=tmp_path)
    assert ran.status == 0, ran.output + ran.errors
    assert len(rules) > 40


def test_alerts_and_dashboard_ask_only_for_metrics_that_there_are() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", METRICS, re.MULTILINE))
    asked = {name for expr in (*_questions(), *(rule["expr"] for rule in RULES)) for name in _names(expr)}
    assert asked - documented == set()


def test_what_is_true_of_the_whole_is_never_summed() -> None:
    for expr in (*_questions(), *(rule["expr"] for rule in RULES)):
        assert not re.search(r"(sum|avg|count)[^()]*\(mailing_service_", expr), expr


def test_every_alert_stands_in_the_document_with_what_to_do() -> None:
    sections = re.findall(r"^### (\w+)\n\n\*(\w+), [^*]*\*\n\n((?:.+\n)+)", ALERTS, re.MULTILINE)
    written = {name: (severity.lower(), " ".join(text.split())) for name, severity, text in sections}
    assert written == {
        rule["alert"]: (rule["labels"]["severity"], " ".join(rule["annotations"]["description"].split()))
        for rule in RULES
    }
    assert all(rule["annotations"]["runbook_url"] == f"docs/alerts.md#{rule['alert'].lower()}" for rule in RULES)


def test_every_alert_is_tested() -> None:
    tested = (PROMETHEUS / "alerts_test.yml").read_text()
    assert {rule["alert"] for rule in RULES if f'alertname="{rule["alert"]}"' not in tested} == set()


def test_panels_do_not_overlap_and_each_says_what_it_shows() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["type"] == "row" or panel["description"], panel["title"]


def _questions() -> Iterator[str]:
    panels: list[dict[str, Any]] = DASHBOARD["panels"]
    for panel in panels:
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "1m")


def _names(expr: str) -> set[str]:
    """Metrics, without the endings of a histogram's samples."""
    found = set(re.findall(r"\b(?:mailing|process|python)_[a-z_]+\b", re.sub(r'"[^"]*"', "", expr)))
    return {_OF_SAMPLES.sub("", name) for name in found}
