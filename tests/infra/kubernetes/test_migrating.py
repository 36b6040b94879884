"""The Job that migrates, and those who wait for it."""

import pytest

from tests.infra.kubernetes.given import settings_of
from tests.infra.kubernetes.rendered import OVERLAYS, containers, of_the_program, pod, workloads


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_works_with_the_database_waits_for_its_schema(overlay: str) -> None:
    for name in ("api", "worker", "scheduler"):
        (before,) = pod(workloads(overlay)[name])["initContainers"]
        (work,) = pod(workloads(overlay)[name])["containers"]
        assert before["command"] == ["mailing", "migrate", "--wait", "600"]
        assert before["image"] == work["image"]
    (migrate,) = containers(workloads(overlay)["migrate"])
    assert migrate["command"] == ["mailing", "migrate"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_whoever_asks_the_database_asks_it_in_the_same_way(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a PgBouncer that knows no prepared statements, the Job would fail that does not know of it either."""
    for name, container in of_the_program(overlay):
        references = {variable["name"]: variable.get("valueFrom") for variable in container.get("env", [])}
        if "MAILING_DATABASE_URL" in references:
            assert references["MAILING_DATABASE_PREPARED_STATEMENTS"] == {
                "secretKeyRef": {"name": "mailing", "key": "MAILING_DATABASE_PREPARED_STATEMENTS", "optional": True}
            }, (name, container["name"])
    (migrate,) = containers(workloads("production")["migrate"])
    assert not settings_of("production", migrate, monkeypatch).database_prepared_statements


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_the_job_runs_changes_with_its_image_alone(overlay: str) -> None:
    """A Job cannot be changed, and the name of a ConfigMap changes with what is in it. Argo CD and Flux replace it."""
    (migrate,) = containers(workloads(overlay)["migrate"])
    assert "envFrom" not in migrate
    assert {variable["valueFrom"]["secretKeyRef"]["name"] for variable in migrate["env"]} == {"mailing"}
    assert workloads(overlay)["migrate"]["metadata"]["annotations"] == {
        "argocd.argoproj.io/hook": "Sync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        "kustomize.toolkit.fluxcd.io/force": "enabled",
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_rollout_outlasts_the_migration_that_it_waits_for(overlay: str) -> None:
    for name in ("api", "worker", "scheduler"):
        spec = workloads(overlay)[name]["spec"]
        (before,) = pod(workloads(overlay)[name])["initContainers"]
        assert spec["progressDeadlineSeconds"] >= 30 * 60 > int(before["command"][-1]), name
