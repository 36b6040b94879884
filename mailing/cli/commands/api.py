"""`mailing api`."""

from mailing.cli.connection import export, settings_for
from mailing.cli.open_files import allow_open_files
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir, Host, Port
from mailing.cli.preconditions import check_metrics_port_is_free, check_port_is_free

FINISH_SECONDS = 5
"""So long requests that are under way have, when the process is told to stop, before they are broken off."""


def command(host: Host = "127.0.0.1", port: Port = 8000, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Serve the GraphQL API, at /graphql."""
    import uvicorn

    from gql_api.auth.loopback import check_may_listen
    from gql_api.http.socket import SERVER_OPTIONS

    settings = settings_for(data_dir, redis=True)
    check_may_listen(settings, host)
    check_port_is_free(host, port)
    check_metrics_port_is_free(settings)
    export(settings)
    allow_open_files()
    uvicorn.run(
        "gql_api.app:create_app",
        factory=True,
        host=host,
        port=port,
        loop="uvloop",
        access_log=False,
        log_config=None,  # The application sets logging up, for the server too.
        log_level="warning",
        timeout_graceful_shutdown=FINISH_SECONDS,
        **SERVER_OPTIONS,
    )
