"""`mailing up`: the whole service on one machine, from one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailing.cli import screen
from mailing.cli.failure import CommandError
from mailing.cli.log_files import log_folder
from mailing.cli.options import DEFAULT_DATA_DIR, Host, Port
from mailing.cli.preconditions import check_database, check_port_is_free, check_redis
from mailing.cli.whole_service import Plan, run
from mailing.embedded.runtime import DataDirectory
from mailing.supervisor.stop_signals import on_stop_signal
from mailing.supervisor.supervised import PartFailedError, StopRequestedError
from mailing.supervisor.supervisor import Supervisor

if TYPE_CHECKING:
    from mailing.settings import Settings


def command(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[Path, typer.Option(help="Folder for all data; made if it is not there.")] = DEFAULT_DATA_DIR,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 2,
    demo: Annotated[bool, typer.Option(help="Load sample clients and a mailing at the very first start.")] = True,
) -> None:
    """Start everything: PostgreSQL, Valkey, a fake SMS provider, the API, workers, the scheduler.

    MAILING_DATABASE_URL, MAILING_REDIS_URL and MAILING_PROVIDER_URL each replace the embedded part when set.
    """
    from gql_api.auth.loopback import check_may_listen
    from mailing.settings import load_settings

    check_port_is_free(host, port)
    settings = load_settings()
    check_may_listen(settings, host)
    _check_logs(settings, data_dir)
    _check_outside(settings)
    supervisor = Supervisor(screen.report)
    with on_stop_signal(supervisor.request_stop), _held(data_dir) as directory:
        try:
            run(Plan(settings, directory, host, port, workers, demo), supervisor)
        except StopRequestedError:
            pass
        except PartFailedError as e:
            raise CommandError(str(e)) from e
        finally:
            with screen.step("Stopping everything"):
                supervisor.stop()


def _check_logs(settings: "Settings", data_dir: Path) -> None:
    if settings.log_file is not None:
        raise CommandError(
            f"MAILING_LOG_FILE: every process needs a file of its own, and `mailing up` keeps them in "
            f"{log_folder(data_dir)}; unset it"
        )


def _check_outside(settings: "Settings") -> None:
    if settings.database_url:
        check_database(settings.database_url)
    if settings.redis_url:
        check_redis(settings.redis_url)


@contextmanager
def _held(data_dir: Path) -> Iterator[DataDirectory]:
    directory = DataDirectory(data_dir)
    try:
        directory.acquire()
    except OSError as e:
        raise CommandError(f"the data directory {data_dir} cannot be used: {e.strerror or e}") from e
    try:
        yield directory
    finally:
        directory.release()
