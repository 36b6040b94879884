"""docs/operations.md speaks of metrics that there are."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = (DOCS / "operations.md").read_text()


def test_every_metric_that_it_names_is_one() -> None:
    named = set(re.findall(r"`(mailing_[a-z_]+_(?:total|seconds|channel))`", OPERATIONS))
    documented = set(re.findall(r"^\| `(mailing_\w+)`", (DOCS / "metrics.md").read_text(), re.MULTILINE))
    assert named
    assert named - documented == set()
