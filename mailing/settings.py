"""Settings: read once from the environment (prefix ``MAILING_``), typed, checked, each with its unit.

A wrong value stops the process with a line that names the variable and says what is allowed. An empty one is none.
Every variable stands in `.env.example` with its default; a test keeps the two the same.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from mailing.logging.levels import checked_log_level
from mailing.report_checks import checked_addresses, checked_clock, checked_sender, checked_smtp_url, checked_zone
from mailing.setting_checks import (
    checked_database_url,
    checked_provider_url,
    checked_proxy_url,
    checked_redis_url,
    checked_token,
)
from mailing.sign_in_checks import (
    checked_algorithms,
    checked_origins,
    checked_public_url,
    checked_roles,
    checked_safe_url,
    checked_scopes,
)

PREFIX = "MAILING_"

Given = TypeVar("Given")
Seconds = Annotated[float, Field(gt=0, le=86_400)]
DatabaseUrl = Annotated[str, AfterValidator(checked_database_url)]
RedisUrl = Annotated[str, AfterValidator(checked_redis_url)]
ProviderUrl = Annotated[str, AfterValidator(checked_provider_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(lambda url: SecretStr(checked_proxy_url(url.get_secret_value())))]
SafeUrl = Annotated[str, AfterValidator(checked_safe_url)]
Algorithms = Annotated[str, AfterValidator(checked_algorithms)]
Roles = Annotated[str, AfterValidator(checked_roles)]
Origins = Annotated[str, AfterValidator(checked_origins)]
PublicUrl = Annotated[str, AfterValidator(checked_public_url)]
Scopes = Annotated[str, AfterValidator(checked_scopes)]
LogLevel = Annotated[str, AfterValidator(checked_log_level)]
MailAddresses = Annotated[str, AfterValidator(checked_addresses)]
Sender = Annotated[str, AfterValidator(checked_sender)]
Clock = Annotated[str, AfterValidator(checked_clock)]
Zone = Annotated[str, AfterValidator(checked_zone)]
SmtpUrl = Annotated[SecretStr, AfterValidator(lambda url: SecretStr(checked_smtp_url(url.get_secret_value())))]
Token = Annotated[SecretStr, AfterValidator(lambda token: SecretStr(checked_token(token.get_secret_value())))]

LAST_WRITES_SECONDS = 2.5
"""What a pump may take to write its last results, after it has waited for answers."""
CLOSE_SECONDS = 1.0
"""What closing the connections may take after that. A database that hangs would hold it up for much longer."""

_MAY_HOLD_A_SECRET = (
    "database_url",
    "redis_url",
    "provider_url",
    "provider_proxy",
    "provider_token",
    "auth_client_secret",
    "smtp_url",
)


class SettingsError(Exception):
    """Raised when the environment holds a value that a setting does not allow."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """All that can be set from outside. Units stand in the names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        validate_default=True,
        hide_input_in_errors=True,  # It may be a password; `_line` shows what may be shown.
    )

    database_url: DatabaseUrl | None = Field(
        None,
        description="PostgreSQL 15 or newer: postgres://user:password@host:5432/name; behind it, as libpq has it, "
        "?sslmode=verify-full&sslrootcert=/path/to/ca.pem for TLS",
    )
    redis_url: RedisUrl | None = Field(
        None, description="Valkey or Redis 7 or newer: redis://host:6379/0; may lose everything"
    )
    database_pool_size: int = Field(8, ge=2, le=200, description="Most connections that one process opens")
    database_prepared_statements: bool = Field(
        True, description="false behind a PgBouncer in transaction mode that has no max_prepared_statements (1.21)"
    )

    auth_issuer: SafeUrl | None = Field(
        None,
        description="Sign-in is on where this is set: the issuer (iss) of the JWTs that are let in, an OpenID "
        "provider such as https://login.example.com/realms/main",
    )
    auth_audience: str | None = Field(
        None, description="For whom these tokens must be (aud); needed where MAILING_AUTH_ISSUER is set"
    )
    auth_jwks_url: SafeUrl | None = Field(
        None, description="Where the issuer's keys are; without it the issuer is asked (OpenID Connect Discovery)"
    )
    auth_algorithms: Algorithms = Field(
        "RS256,ES256", description="With which algorithms tokens may be signed, with commas between them"
    )
    auth_role_claim: str = Field(
        "roles", description="The tokens' claim that says what somebody may do, or the way to it: realm_access.roles"
    )
    auth_roles: Roles = Field(
        "viewer=viewer; operator=operator; admin=admin",
        description="Which value of that claim gives which role: a viewer reads, an operator also runs mailings and "
        "looks after clients, an admin may do everything",
    )
    auth_leeway_seconds: int = Field(
        30, ge=0, le=300, description="How far the issuer's clock may differ when it is told whether a token is valid"
    )
    auth_api_tokens: bool | None = Field(
        None,
        description="Whether API tokens let programs in (`mailing token create` makes the first); true switches "
        "sign-in on without an issuer, too; not set: where MAILING_AUTH_ISSUER is",
    )
    sockets_per_user: int = Field(
        100,
        ge=1,
        le=100_000,
        description="Most WebSockets that one who has signed in may have open at once, of one API process",
    )
    allowed_origins: Origins = Field(
        "",
        description="Other origins whose pages may ask here, with commas between them: https://desk.example.com; "
        "an empty list allows none but the service's own",
    )
    public_url: PublicUrl | None = Field(
        None,
        description="Where browsers reach the service: https://mailing.example.com; people sign in with a browser "
        "where this, MAILING_AUTH_ISSUER and MAILING_AUTH_CLIENT_ID are set",
    )
    auth_client_id: str | None = Field(
        None,
        description="What the service is called at the OpenID provider; register /auth/callback below "
        "MAILING_PUBLIC_URL there as its redirect URI",
    )
    auth_client_secret: Token | None = Field(
        None, description="What it shows there to prove who it is; none for a public client, which has only PKCE"
    )
    auth_scopes: Scopes = Field(
        "openid profile",
        description="What the provider is asked to tell of who signs in, with spaces between them; the claim of the "
        "roles has to be among it",
    )
    session_hours: float = Field(
        8, gt=0, le=720, description="How long somebody stays signed in with a browser, whether busy or not"
    )
    sign_in_starts_per_minute: int = Field(
        60, ge=1, le=100_000, description="Most sign-ins with a browser that one client address may begin in a minute"
    )
    let_anyone_in_without_sign_in: bool = Field(
        False,
        description="Everybody who can reach the API may read, change and delete everything, also where it listens on "
        "more than a loopback address and sign-in is off",
    )

    provider_url: ProviderUrl = Field(
        "https://probe.fbrq.cloud/v1", description="Base URL of the SMS provider, /v1 included"
    )
    provider_proxy: ProxyUrl | None = Field(
        None, description="An outbound proxy on the way to the provider: http://[user:password@]host:port"
    )
    provider_max_rate: int | None = Field(
        None, ge=1, le=1_000_000, description="Most messages a second to the provider, of all workers together"
    )
    provider_token: Token | None = Field(None, description="The provider's bearer token (a JWT)")
    provider_token_file: Path | None = Field(
        None,
        description="A file that holds the token; read again when it changes, so a running worker takes a new one",
    )
    provider_connect_timeout_seconds: Seconds = Field(3, description="Most time to connect to the provider")
    provider_timeout_seconds: Seconds = Field(10, description="Most time for one request, connecting included")

    pump_slots: int = Field(
        4,
        ge=1,
        le=64,
        description="Most pumps that work on one mailing at once; for mailings that start from now on; "
        "`mailing up` takes one for each worker",
    )
    pump_batch: int = Field(500, ge=1, le=5_000, description="Most messages that a pump claims at once")
    pump_concurrency: int = Field(
        64, ge=1, le=1_000, description="Most requests in flight of one pump; `mailing up` takes 128"
    )
    requests_in_flight: int = Field(
        128,
        ge=1,
        le=10_000,
        description="Most requests in flight of one worker process: it needs messages a second times the provider's "
        "seconds for one, and the fewer there are, the sooner what is urgent passes",
    )
    pump_turn_seconds: Seconds = Field(
        10, description="How long a pump works before it lets other mailings have their turn"
    )
    lease_seconds: Seconds = Field(
        30,
        description="A silent worker loses its messages after this; at least twice the provider timeout, "
        "and 2 s more than it",
    )
    drain_seconds: float = Field(
        25,
        ge=4,
        le=86_400,
        description="A worker that is told to stop has ended by then: it waits for answers, writes them and hands back "
        "the rest; `mailing up` allows 6 at most",
    )
    crash_limit: int = Field(
        5, ge=1, le=100, description="A message whose worker died under it this often is set aside"
    )

    retry_max_attempts: int = Field(25, ge=1, le=1_000, description="Most requests for one message")
    retry_base_seconds: Seconds = Field(
        1, description="Longest wait after the first failure; doubles with each further one"
    )
    retry_cap_seconds: Seconds = Field(600, description="Longest wait between two tries")

    breaker_failure_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="No request leaves any more when so many of those of ten seconds failed: timeouts, transport "
        "errors, 5xx",
    )
    breaker_least_requests: int = Field(20, ge=1, le=100_000, description="and there were at least so many of them")
    probe_first_wait_seconds: Seconds = Field(
        1, description="Until a single request probes whether the provider works again; doubles with each that fails"
    )
    probe_longest_wait_seconds: Seconds = Field(30, description="Longest wait between two such probes")

    worker_threads: int = Field(
        32, ge=8, le=256, description="Jobs that one worker process runs at once; four of them are never for sending"
    )
    worker_niceness: int = Field(
        0,
        ge=0,
        le=19,
        description="How far a worker lets other processes of its machine go first; `mailing up` takes 10, so that the "
        "API answers quickly while all cores send",
    )
    sweep_interval_seconds: float = Field(
        1, ge=0.1, le=60, description="How often the scheduler looks after everything"
    )

    graphql_max_depth: int = Field(
        16, ge=1, le=100, description="Most levels of fields, one inside the other, of one operation"
    )
    graphql_max_aliases: int = Field(
        50, ge=0, le=1_000, description="Most aliases of one operation, those of a fragment wherever it is spread"
    )
    graphql_max_cost: int = Field(
        100_000,
        ge=100,
        le=10_000_000,
        description="Most values that one operation may ask for, each list counted with all of its page; a core "
        "makes about 200,000 a second, and answers nobody else meanwhile",
    )
    graphql_timeout_seconds: Seconds = Field(
        30, description="A query or a mutation that takes longer is stopped; subscriptions may last"
    )
    graphql_introspection: bool | None = Field(
        None,
        description="Whether the API tells its schema to whoever asks; not set: only where nobody has to sign in and "
        "nobody else can come in",
    )
    graphql_suggestions: bool | None = Field(
        None,
        description='Whether errors suggest names of the schema ("Did you mean …"); not set: where introspection is on',
    )

    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Where a process shows /metrics and /healthz to whoever can reach it; each needs a port of its own "
        "on its machine. Not set: nowhere; but the API has /metrics on its own port, too, and `mailing up` chooses",
    )
    metrics_host: str = Field("127.0.0.1", description="The address that port is opened on: 0.0.0.0 in a container")
    metrics_without_sign_in: bool = Field(
        False,
        description="Whoever reaches the API may read its /metrics, also where sign-in is on; otherwise whoever may "
        "read the rest may",
    )

    report_to: MailAddresses = Field(
        "",
        description="Who gets the daily report by e-mail, with commas between the addresses; nobody without any, and "
        "MAILING_REPORT_FROM and MAILING_SMTP_URL are needed with one",
    )
    report_from: Sender | None = Field(None, description="Whom the report comes from: Mailing <mailing@example.com>")
    report_at: Clock = Field(
        "08:00", description="When the report of the day before leaves, by the clock of MAILING_REPORT_TIMEZONE"
    )
    report_timezone: Zone = Field(
        "UTC", description="By whose midnight the report's days begin and end: an IANA name such as Europe/Moscow"
    )
    smtp_url: SmtpUrl | None = Field(
        None,
        description="The mail server that takes the report: smtps://user:password@host (TLS), "
        "smtp://user:password@host (STARTTLS) or smtp+plain://host (nothing is encrypted); special characters as %40",
    )
    smtp_timeout_seconds: float = Field(
        10, gt=0, le=25, description="Most time to connect to the mail server, and for each of its answers"
    )

    retention_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="Messages and the tries to send them are removed so many days after their mailing has ended, what "
        "is counted of them stays; not set: everything is kept. Look first: `mailing prune --dry-run`",
    )
    retention_at: Clock = Field(
        "03:30", description="When in the night that begins, by the clock of MAILING_REPORT_TIMEZONE"
    )

    log_level: LogLevel = Field(
        "INFO",
        description="Least level that is logged (DEBUG, INFO, WARNING, ERROR), and behind it areas that differ: "
        "INFO,messages=WARNING,provider=DEBUG",
    )
    log_format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal, else JSON")
    log_personal_data: bool = Field(
        False, description="Whether phones and texts are logged; else a few digits of the one, the length of the other"
    )
    log_file: Path | None = Field(
        None,
        description="Log to this file, as JSON, and only warnings to standard error; each process needs one of its own",
    )
    log_file_mb: int = Field(
        50, ge=1, le=10_000, description="A log file of so many megabytes is put aside; four such are kept"
    )

    @field_validator("lease_seconds")
    @classmethod
    def _lease_leaves_time_to_send(cls, value: float, info: ValidationInfo) -> float:
        """A pump begins no request in the last second of a lease, nor one that could outlast it."""
        timeout = info.data.get("provider_timeout_seconds")
        if timeout is None:  # It is wrong itself, and that is told already.
            return value
        least = max(2 * timeout, timeout + 2)
        if value < least:
            name = f"{PREFIX}PROVIDER_TIMEOUT_SECONDS"
            raise ValueError(f"must be at least {least:g}: twice {name}, and 2 s more than it")
        return value

    @field_validator("auth_audience", "auth_jwks_url")
    @classmethod
    def _belongs_to_an_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Half of it would be worse than none: sign-in that seems to be on."""
        if "auth_issuer" not in info.data:  # It is wrong itself, and that is told already.
            return value
        has_issuer = info.data["auth_issuer"] is not None
        if value is not None and not has_issuer:
            raise ValueError(f"needs {PREFIX}AUTH_ISSUER, too")
        if value is None and has_issuer and info.field_name == "auth_audience":
            raise ValueError(f"must be set where {PREFIX}AUTH_ISSUER is")
        return value

    @field_validator("auth_client_id", "auth_client_secret")
    @classmethod
    def _belongs_to_a_browser_sign_in(cls, value: Given, info: ValidationInfo) -> Given:
        """What is set of it wants the rest: a page that offers a sign-in which cannot work helps nobody."""
        wanted = ("auth_client_id",) if info.field_name == "auth_client_secret" else ("auth_issuer", "public_url")
        if any(name not in info.data for name in wanted):  # It is wrong itself, and that is told already.
            return value
        missing = [f"{PREFIX}{name.upper()}" for name in wanted if info.data[name] is None]
        if value is not None and missing:
            raise ValueError(f"needs {' and '.join(missing)}, too")
        if value is None and info.field_name == "auth_client_id" and info.data["public_url"] is not None:
            raise ValueError(f"must be set where {PREFIX}PUBLIC_URL is")
        return value

    @field_validator("report_from", "smtp_url")
    @classmethod
    def _belongs_to_a_report(cls, value: Given, info: ValidationInfo) -> Given:
        """A report that somebody waits for has to have a way to them."""
        if value is None and info.data.get("report_to"):
            raise ValueError(f"must be set where {PREFIX}REPORT_TO is")
        return value

    @property
    def is_report_on(self) -> bool:
        """Whether somebody gets the daily report."""
        return bool(self.report_to)

    @property
    def report_told(self) -> str:
        """When the report goes where, for people."""
        if not self.is_report_on:
            return f"off; {PREFIX}REPORT_TO says to whom it goes"
        return f"{self.report_at} {self.report_timezone} to {self.report_to}"

    @property
    def takes_api_tokens(self) -> bool:
        return self.auth_issuer is not None if self.auth_api_tokens is None else self.auth_api_tokens

    @property
    def is_sign_in_on(self) -> bool:
        """Whether nobody comes in without showing something."""
        return self.auth_issuer is not None or self.takes_api_tokens

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def session(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def answers_seconds(self) -> float:
        """How long a worker that is told to stop waits for answers: the rest of its time is for writing and closing."""
        return self.drain_seconds - LAST_WRITES_SECONDS - CLOSE_SECONDS


def load_settings(**overrides: object) -> Settings:
    """Read the environment. `overrides` win over it.

    Raises SettingsError with one line for each wrong value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as e:
        raise SettingsError([_line(problem) for problem in e.errors()]) from e


def _line(problem: ErrorDetails) -> str:
    setting = "_".join(str(part) for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    given = (
        "" if setting.startswith(_MAY_HOLD_A_SECRET) or problem["input"] is None else f" (given: {problem['input']!r})"
    )
    return f"{PREFIX}{setting.upper()}: {what}{given}"
