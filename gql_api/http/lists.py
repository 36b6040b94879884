"""How many items the lists of the schema hold, for what an operation costs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    IntValueNode,
    NullValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_nullable_type,
    is_list_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gql_api.pagination import DEFAULT_PAGE, MAX_PAGE, RECKONED

INTROSPECTED_ITEMS = 5
"""Of a list in what the schema says of itself, on average. Every list of ours is a connection or tells its own."""

PageOf = Callable[[str], int | None]
"""How many a variable asks for, by the variable's name; None: it leaves that open."""

_PAGE_ARGUMENTS = ("first", "last")

_ANY = 2**31 - 1
"""More than any list gives."""


def largest_page(_variable: str) -> int:
    """The most that any variable can ask for."""
    return _ANY


def pages_of(definitions: Sequence[VariableDefinitionNode], variables: Mapping[str, Any]) -> PageOf:
    """What the variables of one request ask for, with the defaults that the operation declares."""
    defaults = {node.variable.name.value: node.default_value for node in definitions}

    def page(variable: str) -> int | None:
        if variable in variables:
            return _page(variables[variable])
        default = defaults.get(variable)
        return None if default is None else _literal_page(default, largest_page)

    return page


def page_of(node: FieldNode, pages: PageOf) -> int:
    """How many items a connection gives for the arguments of this field."""
    asked = _asked(node, pages)
    return DEFAULT_PAGE if asked is None else min(asked, MAX_PAGE)


def items_of(parent: GraphQLNamedType | None, field: GraphQLField | None, node: FieldNode, pages: PageOf) -> int | None:
    """How many objects a field is taken to give; None for the items of a connection, whose page says it."""
    if field is None or not is_list_type(get_nullable_type(field.type)):
        return 1
    if is_object_type(parent) and "pageInfo" in parent.fields:
        return None
    declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    most: int = getattr(declared, "metadata", {}).get(RECKONED, INTROSPECTED_ITEMS)
    asked = _asked(node, pages)
    return most if asked is None else min(asked, most)


def _asked(node: FieldNode, pages: PageOf) -> int | None:
    """How many the arguments of a field ask for; None: they leave that open.

    The larger one where `first` and `last` are both given: that is refused later, and costs nothing.
    """
    asked = [
        _literal_page(argument.value, pages)
        for argument in node.arguments or ()
        if argument.name.value in _PAGE_ARGUMENTS
    ]
    return max((page for page in asked if page is not None), default=None)


def _literal_page(node: ValueNode, pages: PageOf) -> int | None:
    if isinstance(node, VariableNode):
        return pages(node.name.value)
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, IntValueNode) and len(node.value) < 10:
        return _page(int(node.value))
    return _ANY


def _page(value: object) -> int | None:
    """What is no page at all is refused later: until then it counts as the largest."""
    if value is None:
        return None
    return int(value) if isinstance(value, int | float) and 1 <= value < _ANY else _ANY
