"""The examples that GraphiQL opens its tabs with. tests/e2e/test_graphiql.py runs them."""

import json
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import FieldNode

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "web/graphiql/examples").glob("*.graphql"))
LONGEST_NAME = 18


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((ROOT / "schema.graphql").read_text())


def test_all_that_the_api_is_for_has_an_example() -> None:
    shown = {_name(_operation(path)): _fields(path) for path in EXAMPLES}

    assert shown == {
        "AddClient": ["createClient"],
        "UpdateClient": ["updateClient"],
        "CreateMailing": ["createMailing"],
        "FollowMailing": ["mailingProgress"],
        "ActiveMailings": ["mailings", "providerHealth"],
        "OverallStatistics": ["statistics", "mailings"],
        "MailingStatistics": ["mailing"],
        "Timeline": ["timeline"],
        "Explain": ["explain"],
        "UpdateMailing": ["updateMailing"],
        "DeleteMailing": ["deleteMailing"],
        "DeleteClient": ["deleteClient"],
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_valid_and_so_are_its_variables(path: Path, schema: GraphQLSchema) -> None:
    variables = json.loads(path.with_suffix(".json").read_text())
    definitions = _operation(path).variable_definitions or ()

    assert validate(schema, parse(path.read_text())) == []
    assert isinstance(get_variable_values(schema, definitions, variables), VariableValues), "or what is wrong with them"
    assert {definition.variable.name.value for definition in definitions} == set(variables)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_first_what_it_is_for_and_fits_its_place(path: Path) -> None:
    first, *others = path.read_text().splitlines()

    assert first.startswith("# ")
    assert not any(line.startswith("#") for line in others), "the editor wraps long lines better than we"
    assert len(_name(_operation(path))) <= LONGEST_NAME, "the tab would be too wide"


def test_no_variables_are_left_over() -> None:
    variables = sorted((ROOT / "web/graphiql/examples").glob("*.json"))

    assert [path.with_suffix(".graphql") for path in variables] == EXAMPLES


def _operation(path: Path) -> OperationDefinitionNode:
    (operation,) = parse(path.read_text()).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation


def _name(operation: OperationDefinitionNode) -> str:
    assert operation.name
    return operation.name.value


def _fields(path: Path) -> list[str]:
    selections = _operation(path).selection_set.selections
    return [field.name.value for field in selections if isinstance(field, FieldNode)]
