from collections.abc import Iterator

from graphql import GraphQLObjectType, GraphQLUnionType

from gql_api.errors import MEMBERS
from gql_api.schema import schema
from mailing.errors import DomainError


def test_every_fact_of_the_product_has_a_union_member() -> None:
    assert set(_facts(DomainError)) == set(MEMBERS)


def test_every_member_is_a_user_error_in_some_union() -> None:
    graphql = schema._schema
    unions = [type_ for type_ in graphql.type_map.values() if isinstance(type_, GraphQLUnionType)]

    for member in MEMBERS.values():
        shown = graphql.type_map[member.type.__name__]
        assert isinstance(shown, GraphQLObjectType)
        assert [interface.name for interface in shown.interfaces] == ["UserError"]
        assert any(shown in union.types for union in unions), shown.name


def _facts(error: type[DomainError]) -> Iterator[type[DomainError]]:
    """The exceptions that are raised: those without subclasses."""
    for child in error.__subclasses__():
        if child.__module__ == DomainError.__module__:
            yield from _facts(child) if child.__subclasses__() else (child,)
