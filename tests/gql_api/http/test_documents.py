"""What is kept of the documents that were asked for."""

import pytest
from graphql import GraphQLError

from gql_api.http.documents import MOST_DOCUMENTS, digest, document, parsed
from gql_api.http.limits import MOST_KEPT_CHARACTERS


def test_the_same_text_is_the_same_document() -> None:
    assert document("{ sameText }") is document("{ sameText }")


def test_no_more_than_the_last_documents_are_kept() -> None:
    first = document("{ first }")

    for number in range(MOST_DOCUMENTS):
        document(f"{{ later{number} }}")

    assert document("{ first }") is not first


def test_why_a_text_is_no_document_is_kept_too_and_does_not_grow() -> None:
    raised = []
    for _ in range(3):
        with pytest.raises(GraphQLError) as caught:
            parsed("{ clients {")
        raised.append(caught.value)

    assert raised[0] is raised[2]
    assert len(caught.traceback) == 2


def test_what_is_long_is_read_and_not_kept() -> None:
    text = "{ long }" + " " * MOST_KEPT_CHARACTERS

    assert document(text).node is not None
    assert document(text) is not document(text)


def test_the_digest_of_a_text_is_that_of_persisted_operations() -> None:
    # As `printf '{ __typename }' | sha256sum` says.
    assert digest("{ __typename }") == "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"
