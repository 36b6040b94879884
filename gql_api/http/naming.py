"""Which operation of a document is meant."""

from graphql import GraphQLError, OperationDefinitionNode

from gql_api.http.documents import parsed


def ambiguity(query: str | None, operation_name: str | None) -> GraphQLError | None:
    """What is wrong with a document of several operations and no name; Strawberry would take the first of them."""
    if query is None or operation_name is not None:
        return None
    try:
        definitions = parsed(query).definitions
    except GraphQLError:
        return None  # Who executes it says so.
    if sum(isinstance(definition, OperationDefinitionNode) for definition in definitions) < 2:
        return None
    return GraphQLError(
        "Must provide operation name if query contains multiple operations.",
        extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
    )
