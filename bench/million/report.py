"""What the story of a large mailing says."""

from dataclasses import asdict

from bench.api import ApiClient
from bench.figures import Figure, Section, at_most, middle_of
from bench.million.story import Story, Told, small_messages
from bench.million.tenths import tenths_grid
from bench.run import Run
from bench.statements import statement_grid

_MILLION = 1_000_000
_SHOWN = ("PostgreSQL", "API", "fake provider")

_REMARK = (
    "All clients of the site get this mailing, with 80 operators, 20 tags and eleven zones among them. Beside it: 20 "
    "requests a second to the API and 4 calls a second of the service's functions, each timed from when it was due; "
    "a third part of what the machine does is this measuring itself and the fake provider. Times with a pause in "
    "them say so in the course: one tenth is slower by two seconds."
)


async def measure_large(run: Run, messages: int) -> Section:
    """Send one mailing to all clients of the site, `messages` of them, and do beside it what people do."""
    async with ApiClient(run.site.api_url) as api:
        told = await Story(run, api, messages).tell()
    return Section(
        "large_mailing",
        f"One mailing of {messages:,} messages, and what goes on beside it",
        [*_course(told), *_steering(told, run.in_flight), *_inside(told), *told.beside.figures()],
        [told.memory.grid(), tenths_grid(told.tenths), statement_grid(told.sent, told.statements)],
        _REMARK,
        [*_problems(told), *told.beside.problems],
        asdict(told),
    )


def _course(told: Told) -> list[Figure]:
    size = told.size
    assert size is not None
    assert told.selection_seconds is not None
    assert told.cpu is not None
    aim = at_most(15) if told.messages >= _MILLION else None
    return [
        Figure("all messages written after", told.selection_seconds, "s", aim),
        Figure("first request at the provider after", told.first_request_seconds, "s"),
        Figure("delivered after", told.seconds, "s"),
        Figure("messages a second, pause and all", told.sent / told.seconds, "messages/s"),
        *(Figure(f"{name}, processor time a message", told.cpu.parts[name] / told.sent * 1e6, "µs") for name in _SHOWN),
        *told.memory.figures(),
        Figure("database at the end", size.megabytes, "MB"),
        Figure("  messages", size.message_mb, "MB"),
        Figure("  their indexes", size.message_indexes_mb, "MB"),
        Figure("  attempts with their index", size.attempts_mb, "MB"),
        Figure("vacuums of the message table", size.autovacuums),
        Figure("checkpoints", size.checkpoints),
    ]


def _steering(told: Told, in_flight: int) -> list[Figure]:
    # What was over too soon to be paused or cancelled has no such figures.
    paused = told.paused.figures(in_flight) if told.paused else []
    if told.resume_seconds is not None:
        paused.append(Figure("Resume: first request after", told.resume_seconds, "s", at_most(1)))
    cancelled = told.cancelled.figures(in_flight) if told.cancelled else []
    return [
        middle_of("first request of a mailing to 100, created meanwhile", told.small_seconds, "s", at_most(2)),
        *paused,
        *cancelled,
        Figure("SIGTERM: a worker in full flight ended after", told.stop_seconds, "s"),
        Figure("messages repeated", told.repeated, "", at_most(0)),
    ]


def _inside(told: Told) -> list[Figure]:
    return [
        figure
        for name in ("statistics", "progress")
        if (one := told.statements.get(name)) is not None
        for figure in (Figure(f"{name} inside PostgreSQL, {one.calls} ×, mean", one.mean_ms, "ms", at_most(10)),
                       Figure("  longest", one.longest_ms, "ms"))
    ]  # fmt: skip


def _problems(told: Told) -> list[str]:
    problems = []
    expected = told.messages + small_messages()
    if told.sent != told.messages or told.accepted != expected or told.repeated:
        problems.append(
            f"{told.messages} messages: {told.sent} SENT; with the small mailings {told.accepted} of {expected} "
            f"at the provider, {told.repeated} repeated"
        )
    if told.stop_status:
        problems.append(f"the worker ended with status {told.stop_status} at SIGTERM")
    return problems
