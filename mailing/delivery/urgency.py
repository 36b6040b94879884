"""Which of several comes first, in SQL: the one whose time is over first."""


def seconds_until_closing(zone: str, closes_at: str) -> str:
    """SQL for how long a window that is open now stays open in `zone`; NULL, the last in order, without a window.

    Both are SQL expressions. Orders only, so a change of the clocks in between is left out; whether a window is open
    is for `window_is_open` to say, which also keeps zones away that AT TIME ZONE does not know.
    """
    return f"""
        CASE WHEN {closes_at} IS NOT NULL THEN
            (extract(epoch FROM {closes_at} - (now() AT TIME ZONE {zone})::time)::int + 86400) % 86400
        END
    """.strip()
