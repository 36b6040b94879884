"""What a caller says that it reads: the header Accept-Encoding (RFC 9110, section 12.5.3)."""

from collections.abc import Mapping


def accepted_encodings(headers: Mapping[str, str]) -> set[str]:
    """The encodings that the header names, in small letters, but for those with the weight 0."""
    accepted = set()
    for part in headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "").rstrip("0") not in {"q=", "q=0."}:
            accepted.add(name.strip().lower())
    return accepted
