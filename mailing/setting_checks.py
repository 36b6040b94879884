"""What the settings that are URLs or a token must look like.

Each check answers the value, or raises ValueError that says what is allowed and shows nothing of what was given:
it may hold a password.
"""

from urllib.parse import SplitResult, parse_qs, urlsplit

_DATABASE = "must look like postgres://user:password@host:5432/name, or postgres://user@/name?host=/folder/of/socket"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SSL = (
    f"its sslmode must be one of {', '.join(_SSL_MODES)}, as in …/name?sslmode=verify-full&sslrootcert=/path/to/ca.pem"
)
_REDIS = "must look like redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/socket?db=0"
_PROVIDER = "must be http(s)://host[:port][/path]"
_PROXY = "must be http://[user:password@]host:port"
_TOKEN = "must be one line of printable ASCII without spaces"


def checked_database_url(url: str) -> str:
    parts = _split(url, _DATABASE)
    query = parse_qs(parts.query, keep_blank_values=True)
    _where(parts.scheme in ("postgres", "postgresql") and (parts.hostname or query.get("host")), url, _DATABASE)
    # `ssl=true` is what others call it; here it would be a parameter for the server, and say nothing of the connection.
    return _where("ssl" not in query and {*query.get("sslmode", [])} <= {*_SSL_MODES}, url, _SSL)


def checked_redis_url(url: str) -> str:
    parts = _split(url, _REDIS)
    number = parse_qs(parts.query).get("db", ["0"])[0]
    if parts.scheme == "unix":
        return _where(parts.path not in ("", "/") and number.isdecimal(), url, _REDIS)
    # redis-py would take another database than the one meant, where the path is no number.
    path = parts.path.strip("/") or "0"
    is_network = parts.scheme in ("redis", "rediss") and parts.hostname
    return _where(is_network and number.isdecimal() and path.isdecimal(), url, _REDIS)


def checked_provider_url(url: str) -> str:
    parts = _split(url, _PROVIDER)
    plain = not (parts.username or parts.password or parts.query)
    return _where(parts.scheme in ("http", "https") and parts.hostname and plain, url, _PROVIDER)


def checked_proxy_url(url: str) -> str:
    parts = _split(url, _PROXY)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment)
    return _where(parts.scheme == "http" and parts.hostname and parts.port and bare and url.isascii(), url, _PROXY)


def checked_token(text: str) -> str:
    """The token without a file's line end. Anything but ASCII could forge a header."""
    token = text.strip()
    return _where(token and all("!" <= character <= "~" for character in token), token, _TOKEN)


def _split(url: str, allowed: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # Raises where it is no port number.
    except ValueError:
        raise ValueError(allowed) from None
    _where(url.isprintable() and " " not in url, url, allowed)
    return parts


def _where(holds: object, value: str, allowed: str) -> str:
    if not holds:
        raise ValueError(allowed)
    return value
