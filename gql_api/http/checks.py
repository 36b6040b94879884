"""What a document must pass before anything of it is executed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    get_operation_ast,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from gql_api.http.documents import Document
from gql_api.http.limits import Limits, TooCostlyError, TooDeepError, TooManyAliasesError
from gql_api.http.lists import largest_page, pages_of
from gql_api.http.measure import Size, operation_sizes

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class Checks:
    """The rules of GraphQL and the limits, for one schema. What does not depend on a request is checked once.

    Nothing here raises: what is wrong is an error of the operation, on every transport.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = _RULES if limits.introspection else (*_RULES, NoSchemaIntrospectionCustomRule)

    def errors(
        self, document: Document, operation: str | None, variables: Mapping[str, Any] | None
    ) -> list[GraphQLError]:
        """Everything for which the operation of this name must not be executed with these variables."""
        if document.node is None:
            return [document.error] if document.error else []
        verdict = document.checked.get(self)
        if verdict is None:
            verdict = document.checked[self] = self._verdict(document.node)
        if verdict.errors:
            return [*verdict.errors]
        size = verdict.sizes.get(operation)
        if size is None or size.cost <= self._limits.cost:
            return []
        return self._too_costly(document.node, operation, variables or {})

    def _verdict(self, document: DocumentNode) -> "_Verdict":
        sizes = operation_sizes(self._schema, document, largest_page)
        errors: list[GraphQLError] = []
        for size in sizes.values():
            errors += self._excesses(size)
        # Only what is not too large is validated: that takes longer than measuring.
        return _Verdict(errors or self._broken_rules(document), sizes)

    def _excesses(self, size: Size) -> list[GraphQLError]:
        errors: list[GraphQLError] = []
        if size.depth > self._limits.depth:
            errors.append(TooDeepError(self._limits.depth, size.depth))
        if size.aliases > self._limits.aliases:
            errors.append(TooManyAliasesError(self._limits.aliases, size.aliases))
        return errors

    def _broken_rules(self, document: DocumentNode) -> list[GraphQLError]:
        broken = validate(self._schema, document, self._rules, hide_suggestions=not self._limits.suggestions)
        for error in broken:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return broken

    def _too_costly(
        self, document: DocumentNode, operation: str | None, variables: Mapping[str, Any]
    ) -> list[GraphQLError]:
        """The largest pages would cost too much: do those that this request asks for?"""
        node = get_operation_ast(document, operation)
        pages = pages_of(node.variable_definitions or () if node else (), variables)
        cost = operation_sizes(self._schema, document, pages)[operation].cost
        return [TooCostlyError(self._limits.cost, cost)] if cost > self._limits.cost else []


class _Verdict(NamedTuple):
    """What holds of a document whoever asks with whatever variables."""

    errors: list[GraphQLError]
    sizes: dict[str | None, Size]
    """Of each operation, were every page the largest."""
