"""What each field of the schema needs, in one table.

Whatever can be asked, done or followed begins with a field of a root type, and all that lies below it is seen by
whoever may use that. So a field of a root type must not lead to anything that needs more than itself: `node` finds
only what every viewer may see.

How to add one: a line in `NEEDED`. A field without a line is refused to everybody but an admin, and a test tells.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
)

from mailing.roles import Role

NEEDED: Final[Mapping[OperationType, Mapping[str, Role]]] = {
    OperationType.QUERY: {
        "node": Role.VIEWER,
        "client": Role.VIEWER,
        "clients": Role.VIEWER,
        "audience": Role.VIEWER,
        "mailing": Role.VIEWER,
        "mailings": Role.VIEWER,
        "message": Role.VIEWER,
        "timeline": Role.VIEWER,
        "explain": Role.VIEWER,
        "statistics": Role.VIEWER,
        "dailyStatistics": Role.VIEWER,
        "providerHealth": Role.VIEWER,
        "viewer": Role.VIEWER,
        "apiTokens": Role.ADMIN,
        "reportPreview": Role.ADMIN,
    },
    OperationType.MUTATION: {
        "createClient": Role.OPERATOR,
        "updateClient": Role.OPERATOR,
        "deleteClient": Role.OPERATOR,
        "importClients": Role.OPERATOR,
        "createMailing": Role.OPERATOR,
        "updateMailing": Role.OPERATOR,
        "deleteMailing": Role.OPERATOR,
        "pauseMailing": Role.OPERATOR,
        "resumeMailing": Role.OPERATOR,
        "cancelMailing": Role.OPERATOR,
        "createApiToken": Role.ADMIN,
        "revokeApiToken": Role.ADMIN,
        "sendReport": Role.ADMIN,
    },
    OperationType.SUBSCRIPTION: {
        "mailingProgress": Role.VIEWER,
        "activeMailingsProgress": Role.VIEWER,
        "providerHealth": Role.VIEWER,
    },
}
"""The role that each field of Query, Mutation and Subscription needs, by its name in the schema."""

_INTROSPECTION = "__"


def beyond(role: Role, document: DocumentNode, operation_name: str | None) -> tuple[FieldNode, Role] | None:
    """A field that the operation begins with and the role may not use, and the role that it needs; None without one.

    Reads each selection once, whatever the fragments are like, and needs no valid document.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        return None
    needed = NEEDED[operation.operation]
    for field in _root_fields(document, operation):
        name = field.name.value
        least = Role.VIEWER if name.startswith(_INTROSPECTION) else needed.get(name, Role.ADMIN)
        if role < least:
            return field, least
    return None


def _root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> Iterator[FieldNode]:
    waiting = [operation.selection_set]
    fragments: dict[str, FragmentDefinitionNode] | None = None
    while waiting:
        for selection in waiting.pop().selections:
            match selection:
                case FieldNode():
                    yield selection
                case InlineFragmentNode():
                    waiting.append(selection.selection_set)
                case FragmentSpreadNode():
                    if fragments is None:
                        fragments = _fragments(document)
                    # Taken out: each is read once, also where fragments spread each other in a circle.
                    fragment = fragments.pop(selection.name.value, None)
                    if fragment is not None:
                        waiting.append(fragment.selection_set)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    definitions = document.definitions
    return {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
