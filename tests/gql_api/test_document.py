"""The GraphQL in docs/api.md is what the schema understands."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from gql_api.schema import export_sdl

DOCUMENT = (Path(__file__).parents[2] / "docs/api.md").read_text()
EXAMPLES = re.findall(r"^```graphql\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_valid(example: str) -> None:
    assert validate(build_schema(export_sdl()), parse(example)) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
