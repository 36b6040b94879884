"""What may be shown of a URL."""

from urllib.parse import parse_qs, urlsplit


def place(url: str) -> str:
    """The URL without what may be secret in it: host, port and path, or the folder of a socket and the path."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or next(iter(parse_qs(parts.query).get("host", [])), "")
    return host + parts.path
