"""When a message got its final status, in SQL."""

from mailing.delivery.reasons import CLIENT_DELETED

ENDED_AT = f"""
    CASE
        WHEN m.status = 'PENDING' AND g.closed_as IS NOT NULL THEN greatest(m.created_at, (
            -- Closing writes no row of a message: what closed the mailing ended it.
            SELECT min(e.at) FROM event e
            WHERE e.subject = 'mailing' AND e.subject_id = g.id AND e.kind IN ('EXPIRED', 'CANCELLED', 'DELETED')
        ))
        WHEN m.status IN ('PENDING', 'SENDING') THEN NULL
        WHEN m.reason = '{CLIENT_DELETED}' THEN coalesce((
            SELECT greatest(e.at, m.ended_at) FROM event e
            WHERE e.subject = 'client' AND e.subject_id = m.client_id AND e.kind = 'DELETED'
        ), m.ended_at, m.created_at)
        ELSE coalesce(m.sent_at, m.ended_at, (
            -- Ended before the column was there.
            SELECT max(a.started_at + coalesce(a.duration_ms, 0) * interval '1 ms')
            FROM delivery_attempt a WHERE a.message_id = m.id
        ), m.created_at)
    END
"""
"""Of `message m` and its `mailing g`; null while it has no final status."""
