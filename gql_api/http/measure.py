"""How large the operations of a document are, in time linear in its length.

Each fragment is measured once, however often it is spread: fragments that each spread the next one twice double what
is measured with every line, but not the work of measuring it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)
from graphql.type import GraphQLNamedType

from gql_api.http.lists import PageOf, items_of, page_of

Parent = GraphQLNamedType | None


@dataclass(frozen=True, slots=True)
class Size:
    """Of a part of an operation."""

    depth: int = 0
    """Levels of fields, one inside the other."""
    aliases: int = 0
    cost: int = 0
    """How many values the answer holds at most: objects, scalars and lists of scalars."""
    per_item: int = 0
    """How many more it holds for each item on the page, where the part belongs to a connection whose page is not
    known here."""

    def __add__(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.cost + other.cost,
            self.per_item + other.per_item,
        )


def operation_sizes(schema: GraphQLSchema, document: DocumentNode, pages: PageOf) -> dict[str | None, Size]:
    """The size of each operation by its name, as if it were asked for with variables that say `pages`.

    Works with documents that were not validated; what is not in the schema counts as a field without a type. Nothing
    is measured where fragments spread each other in a circle: no such document is ever executed.
    """
    definitions = document.definitions
    fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
    meter = _Meter(schema, pages)
    try:
        for name in _innermost_first(fragments):
            meter.add_fragment(fragments[name])
    except CycleError:
        return {}
    return {
        node.name.value if node.name else None: meter.of_operation(node)
        for node in definitions
        if isinstance(node, OperationDefinitionNode)
    }


class _Meter:
    """Goes as deep into itself as one definition nests, which the parser limits."""

    def __init__(self, schema: GraphQLSchema, pages: PageOf) -> None:
        self._schema = schema
        self._pages = pages
        self._fragments: dict[str, Size] = {}

    def add_fragment(self, node: FragmentDefinitionNode) -> None:
        """Measure one whose own spreads are measured already."""
        parent = self._schema.get_type(node.type_condition.name.value)
        self._fragments[node.name.value] = self._of_selections(parent, node.selection_set)

    def of_operation(self, node: OperationDefinitionNode) -> Size:
        return self._of_selections(self._schema.get_root_type(node.operation), node.selection_set)

    def _of_selections(self, parent: Parent, node: SelectionSetNode) -> Size:
        size = Size()
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                size += self._of_field(parent, selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inside = self._schema.get_type(condition.name.value) if condition else parent
                size += self._of_selections(inside, selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                size += self._fragments.get(selection.name.value, Size())
        return size

    def _of_field(self, parent: Parent, node: FieldNode) -> Size:
        aliases = 1 if node.alias else 0
        if node.selection_set is None:
            return Size(depth=1, aliases=aliases, cost=1)
        field = self._schema.get_field(parent, node.name.value) if is_composite_type(parent) else None
        inner = self._of_selections(get_named_type(field.type) if field else None, node.selection_set)
        depth, aliases = inner.depth + 1, inner.aliases + aliases
        item = 1 + inner.cost + inner.per_item * page_of(node, self._pages)
        items = items_of(parent, field, node, self._pages)
        if items is None:
            return Size(depth, aliases, per_item=item)
        return Size(depth, aliases, cost=items * item)


def _innermost_first(fragments: dict[str, FragmentDefinitionNode]) -> Iterator[str]:
    """Each after all that it spreads. Raises CycleError."""
    graph = {name: set(_spreads(node.selection_set)) & fragments.keys() for name, node in fragments.items()}
    return iter([*TopologicalSorter(graph).static_order()])


def _spreads(node: SelectionSetNode) -> Iterator[str]:
    waiting = [node]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif selection.selection_set:  # type: ignore[attr-defined]  # the others are fields and inline fragments
                waiting.append(selection.selection_set)  # type: ignore[attr-defined]
