-- What became of how many messages, by quarters of an hour (every zone's days begin at one), and how the provider
-- answered. Counted as things happen, since afterwards nothing short of reading every message could tell of a day.
-- Frozen: later changes are migrations of their own.

-- Messages that came to their end: SENT, FAILED, EXPIRED, UNCONFIRMED, CANCELLED. A message that is taken in again
-- after it was cancelled is taken off again, so that the sum over all time is what the counters say. Kept when the
-- mailing is removed: what was sent was sent. Sharded as message_count is: only sums mean something.
CREATE TABLE ending_tally (
    quarter timestamptz NOT NULL,
    mailing_id bigint NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,         -- '': none
    shard smallint NOT NULL,
    messages bigint NOT NULL,
    PRIMARY KEY (quarter, mailing_id, status, reason, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- Requests to the provider, by when they left. Sharded by the connection that writes.
CREATE TABLE request_tally (
    quarter timestamptz NOT NULL,
    shard smallint NOT NULL,
    requests bigint NOT NULL,
    failures bigint NOT NULL,     -- those that neither took the message nor refused it for good
    timed bigint NOT NULL,        -- those of which it is known how long they took
    duration_ms bigint NOT NULL,  -- of these together
    slow bigint NOT NULL,         -- those of them that took a second or more
    PRIMARY KEY (quarter, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- Of what came before, these tables know nothing, or not all.
CREATE TABLE tally_start (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    since timestamptz NOT NULL
);

-- One row a day, by the zone of the report: whoever writes it has the day, until claimed_until or until sent_at is set.
CREATE TABLE daily_report (
    day date PRIMARY KEY,         -- the day it tells of
    mail_key uuid NOT NULL,       -- makes the mail's Message-ID, the same in all tries
    token uuid,                   -- of who is sending it
    claimed_until timestamptz,
    tries integer NOT NULL DEFAULT 1,
    due_at timestamptz NOT NULL DEFAULT now(),  -- no further try before this
    error text,                   -- of the last try
    sent_at timestamptz
);

CREATE FUNCTION quarter_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_bin('15 minutes', at, '2000-01-01 00:00:00+00');

-- The state in which a message is over, or null: a closed mailing's rows keep saying PENDING (mailing.messages.status).
CREATE FUNCTION final_status(status text, uncertain boolean, closed_as text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN status = 'SENDING' THEN NULL
        WHEN status <> 'PENDING' THEN status
        WHEN uncertain AND closed_as IS NOT NULL THEN 'UNCONFIRMED'
        ELSE closed_as
    END;

-- Triggers of one event fire in the order of their names: those on message come behind the counters', so that all take
-- their locks in one order.
CREATE FUNCTION tally_inserted_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
    SELECT quarter_of(clock_timestamp()), n.mailing_id, final_status(n.status, n.uncertain, m.closed_as) AS ended,
           coalesce(n.reason, ''), 0, sum(n.messages)
    FROM (
        SELECT mailing_id, status, uncertain, reason, count(*) AS messages FROM after GROUP BY 1, 2, 3, 4
    ) AS n LEFT JOIN mailing m ON m.id = n.mailing_id
    WHERE final_status(n.status, n.uncertain, m.closed_as) IS NOT NULL
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

CREATE FUNCTION tally_updated_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A claim and its results carry the token of one slot: that slot's shard. Of others any, for only sums count.
    token bigint := coalesce((SELECT lease_token FROM before LIMIT 1), (SELECT lease_token FROM after LIMIT 1));
    own_shard smallint := coalesce(1 + token % 64, 0);
    here timestamptz := quarter_of(clock_timestamp());
BEGIN
    -- Nothing is or was over, as with every claim: that is told at half the price of counting it.
    IF NOT EXISTS (SELECT FROM after WHERE status NOT IN ('PENDING', 'SENDING'))
        AND NOT EXISTS (SELECT FROM before WHERE status NOT IN ('PENDING', 'SENDING'))
        AND NOT EXISTS (
            SELECT FROM mailing WHERE closed_as IS NOT NULL
            AND id IN (SELECT mailing_id FROM after UNION SELECT mailing_id FROM before)
        )
    THEN
        RETURN NULL;
    END IF;
    -- What was accepted counts when the provider said so, which may be a little before it is written.
    INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
    SELECT n.quarter, n.mailing_id, final_status(n.status, n.uncertain, m.closed_as) AS ended, n.reason, own_shard,
           sum(n.messages)
    FROM (
        SELECT CASE WHEN status = 'SENT' AND sent_at IS NOT NULL THEN quarter_of(sent_at) ELSE here END AS quarter,
               mailing_id, status, uncertain, coalesce(reason, '') AS reason, count(*) AS messages
        FROM after WHERE status <> 'SENDING' GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT CASE WHEN status = 'SENT' AND sent_at IS NOT NULL THEN quarter_of(sent_at) ELSE here END,
               mailing_id, status, uncertain, coalesce(reason, ''), -count(*)
        FROM before WHERE status <> 'SENDING' GROUP BY 1, 2, 3, 4, 5
    ) AS n LEFT JOIN mailing m ON m.id = n.mailing_id
    WHERE final_status(n.status, n.uncertain, m.closed_as) IS NOT NULL
    GROUP BY 1, 2, 3, 4
    HAVING sum(n.messages) <> 0
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

-- Closing a mailing touches no message: what still waits comes to its end all the same, and the counters know how many.
-- They stand still, for whoever writes messages locks the mailing's row first, and this has it.
CREATE FUNCTION tally_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
    SELECT quarter_of(clock_timestamp()), NEW.id, ended.status, ended.reason, 0, sum(ended.messages)
    FROM (
        SELECT CASE dimension WHEN '' THEN '' ELSE value END AS reason, pending, uncertain
        FROM message_count WHERE mailing_id = NEW.id AND dimension IN ('', 'reason')
        UNION ALL  -- Those with a reason are among all.
        SELECT '', -pending, -uncertain FROM message_count WHERE mailing_id = NEW.id AND dimension = 'reason'
    ) AS waiting
    CROSS JOIN LATERAL (VALUES
        (NEW.closed_as, waiting.reason, waiting.pending - waiting.uncertain),
        ('UNCONFIRMED', waiting.reason, waiting.uncertain)
    ) AS ended (status, reason, messages)
    GROUP BY 3, 4
    HAVING sum(ended.messages) <> 0
    ORDER BY 3, 4
    ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

CREATE FUNCTION tally_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO request_tally AS t (quarter, shard, requests, failures, timed, duration_ms, slow)
    SELECT quarter_of(started_at), pg_backend_pid() % 64, count(*),
           count(*) FILTER (WHERE outcome NOT IN ('ACCEPTED', 'REFUSED')),
           count(duration_ms), coalesce(sum(duration_ms), 0), count(*) FILTER (WHERE duration_ms >= 1000)
    FROM after GROUP BY 1 ORDER BY 1
    ON CONFLICT (quarter, shard) DO UPDATE SET
        requests = t.requests + excluded.requests,
        failures = t.failures + excluded.failures,
        timed = t.timed + excluded.timed,
        duration_ms = t.duration_ms + excluded.duration_ms,
        slow = t.slow + excluded.slow;
    RETURN NULL;
END $$;

CREATE TRIGGER message_inserted_tally AFTER INSERT ON message
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_inserted_messages();
CREATE TRIGGER message_updated_tally AFTER UPDATE ON message
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_updated_messages();
CREATE TRIGGER mailing_closed_tally AFTER UPDATE OF closed_as ON mailing
    FOR EACH ROW WHEN (OLD.closed_as IS NULL AND NEW.closed_as IS NOT NULL) EXECUTE FUNCTION tally_closing();
CREATE TRIGGER delivery_attempt_tally AFTER INSERT ON delivery_attempt
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tally_requests();

-- Behind the triggers: until this commits nobody writes what they would count.
INSERT INTO tally_start (since) VALUES (clock_timestamp());
