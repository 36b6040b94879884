"""What Prometheus is told in a cluster: the same alerts as elsewhere, and the figure that workers are scaled by."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.kubernetes.rendered import KUBERNETES, ROOT, named
from tests.running import run

ADAPTER = yaml.safe_load((KUBERNETES / "components" / "monitoring" / "prometheus-adapter.yaml").read_text())


def test_the_rules_are_those_of_prometheus() -> None:
    """Where this fails, `make alerts` has not been run."""
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
    assert named("production", "PrometheusRule", "mailing")["spec"] == rules


def test_the_autoscaler_asks_for_the_figure_that_the_adapter_has() -> None:
    (rule,) = ADAPTER["rules"]["external"]
    asked = [
        metric["external"]["metric"]["name"]
        for metric in named("production", "HorizontalPodAutoscaler", "worker")["spec"]["metrics"]
        if metric["type"] == "External"
    ]
    assert asked == [rule["name"]["as"]]
    assert rule["resources"] == {"overrides": {"namespace": {"resource": "namespace"}}}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not there: apt-get install prometheus")
@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param({}, 0, id="a worker that has done nothing yet"),
        pytest.param({'le="0.5"': "7x20", 'le="+Inf"': "7x20"}, 0, id="nothing to do"),
        pytest.param({'le="0.5"': "0+10x20", 'le="1"': "0+10x20", 'le="+Inf"': "0+10x20"}, 0.45, id="short waits"),
        pytest.param({'le="0.5"': "0x20", 'le="1"': "0+10x20", 'le="+Inf"': "0+10x20"}, 0.95, id="longer ones"),
    ],
)
async def test_the_figure_is_a_number_at_all_times(tmp_path: Path, series: dict[str, str], expected: float) -> None:
    # Given the adapter's question, as it asks Prometheus for a namespace
    (rule,) = ADAPTER["rules"]["external"]
    question = rule["metricsQuery"].replace("<<.LabelMatchers>>", 'namespace="mailing"')
    assert "<<" not in question
    name = 'mailing_job_wait_seconds_bucket{namespace="mailing", task="mailing.pump", '
    given = [{"series": f"{name}{le}}}", "values": values} for le, values in series.items()]
    other = {"series": name.replace('"mailing",', '"other",') + 'le="+Inf"}', "values": "0+99x20"}

    # When
    ran = await _asked(tmp_path, question, [*given, other], expected)

    # Then
    assert ran == (0, "")


async def _asked(folder: Path, question: str, series: list[dict[str, str]], expected: float) -> tuple[int, str]:
    test: dict[str, Any] = {
        "interval": "15s",
        "input_series": series,
        "promql_expr_test": [
            {"expr": question, "eval_time": "5m", "exp_samples": [{"labels": "{}", "value": expected}]}
        ],
    }
    (folder / "test.yml").write_text(yaml.safe_dump({"tests": [test]}))
    ran = await run("promtool", "test", "rules", "test.yml", folder=folder)
    return ran.status, ran.errors
