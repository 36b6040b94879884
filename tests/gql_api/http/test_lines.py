"""Where in a document something stands."""

from graphql import Source
from hypothesis import given
from hypothesis import strategies as st

from gql_api.http.documents import document
from gql_api.http.lines import IndexedSource


@given(st.text(alphabet="a\r\n\u2028é", max_size=30))
def test_locations_are_those_of_graphql_core(text: str) -> None:
    ours, theirs = IndexedSource(text), Source(text)
    # Nothing begins within the end of a line.
    positions = [n for n in range(len(text) + 1) if text[n - 1 : n + 1] != "\r\n"]

    assert [ours.get_location(n) for n in positions] == [theirs.get_location(n) for n in positions]


def test_every_document_has_them() -> None:
    node = document("{ a }").node

    assert node is not None
    assert node.loc is not None
    assert isinstance(node.loc.source, IndexedSource)
