-- What became of a mailing's messages over its life, as finely as a chart can show it, and of all messages by days.
-- Frozen: later changes are migrations of their own.

-- From here on until this commits nobody writes what is counted below.
LOCK TABLE message, mailing IN SHARE ROW EXCLUSIVE MODE;

-- How many messages came to which end in each bin of a mailing's life. A bin is as long as a chart of the life up to
-- then needs: a second in the first minutes, a quarter of an hour on the second day. So a mailing of twenty seconds
-- is told by seconds, and one of a year has no more than some 1,500 bins for each end and shard. Goes with its mailing.
CREATE TABLE history_tally (
    mailing_id bigint NOT NULL,
    at timestamptz NOT NULL,      -- where the bin begins
    status text NOT NULL,
    shard smallint NOT NULL,      -- 0: everyone but pumps; 1 to 8: the pumps, an eighth of the slots each
    messages bigint NOT NULL,
    PRIMARY KEY (mailing_id, at, status, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- What ending_tally and request_tally say of a quarter of an hour that is long over, of all mailings together.
CREATE TABLE quarter_total (
    quarter timestamptz PRIMARY KEY,
    sent bigint NOT NULL,
    failed bigint NOT NULL,
    expired bigint NOT NULL,
    unconfirmed bigint NOT NULL,
    cancelled bigint NOT NULL,
    requests bigint NOT NULL,
    failures bigint NOT NULL
);

-- Of what ended before, history_tally knows nothing.
ALTER TABLE tally_start ADD COLUMN history_since timestamptz;
UPDATE tally_start SET history_since = clock_timestamp();

-- The length, in seconds, of which no more than so many steps touch a span of that many seconds. Each length is a
-- multiple of all shorter ones, so bins of one lie whole in those of the next.
CREATE FUNCTION history_step(span float8, points integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN span < 1 * (points - 1) THEN 1
        WHEN span < 5 * (points - 1) THEN 5
        WHEN span < 15 * (points - 1) THEN 15
        WHEN span < 30 * (points - 1) THEN 30
        WHEN span < 60 * (points - 1) THEN 60
        WHEN span < 300 * (points - 1) THEN 300
        WHEN span < 900 * (points - 1) THEN 900
        WHEN span < 1800 * (points - 1) THEN 1800
        WHEN span < 3600 * (points - 1) THEN 3600
        WHEN span < 10800 * (points - 1) THEN 10800
        WHEN span < 21600 * (points - 1) THEN 21600
        WHEN span < 43200 * (points - 1) THEN 43200
        WHEN span < 86400 * (points - 1) THEN 86400
        WHEN span < 604800 * (points - 1) THEN 604800
        ELSE (604800 * 2 ^ (floor(ln(span / (604800 * (points - 1))) / ln(2)) + 1))::bigint
    END;

-- Where the step of that length begins in which the moment lies.
CREATE FUNCTION history_bin(at timestamptz, step bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_bin(make_interval(secs => step), at, '2000-01-01 00:00:00+00');

-- The bin in which a moment is counted of a mailing that began then.
CREATE FUNCTION history_bin_of(at timestamptz, began timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN history_bin(at, history_step(extract(epoch FROM at - began)::float8, 200));

-- The three that count what ends, as 0005 has them, and the history beside it. One statement writes both, so all take
-- their locks in one order.
CREATE OR REPLACE FUNCTION tally_inserted_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here timestamptz := clock_timestamp();
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT n.mailing_id, final_status(n.status, n.uncertain, m.closed_as) AS ended, coalesce(n.reason, '') AS reason,
               coalesce(m.started_at, m.starts_at) AS began, sum(n.messages) AS messages
        FROM (
            SELECT mailing_id, status, uncertain, reason, count(*) AS messages FROM after GROUP BY 1, 2, 3, 4
        ) AS n LEFT JOIN mailing m ON m.id = n.mailing_id
        WHERE final_status(n.status, n.uncertain, m.closed_as) IS NOT NULL
        GROUP BY 1, 2, 3, 4
    ), by_quarter AS (
        INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
        SELECT quarter_of(here), mailing_id, ended, reason, 0, messages FROM changed ORDER BY 1, 2, 3, 4
        ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages
    )
    INSERT INTO history_tally AS t (mailing_id, at, status, shard, messages)
    SELECT mailing_id, history_bin_of(here, began), ended, 0, sum(messages) FROM changed WHERE began IS NOT NULL
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (mailing_id, at, status, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tally_updated_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A claim and its results carry the token of one slot: that slot's shard. Of others any, for only sums count.
    token bigint := coalesce((SELECT lease_token FROM before LIMIT 1), (SELECT lease_token FROM after LIMIT 1));
    own_shard smallint := coalesce(1 + token % 64, 0);
    -- Fewer, for bins are many and all of them are read together. Pumps that share one wait for each other's commit
    -- alone: what they lock last.
    history_shard smallint := coalesce(1 + token % 8, 0);
    here timestamptz := clock_timestamp();
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
    -- What was accepted counts when the provider said so, which may be a little before it is written. What is taken in
    -- again is taken off the quarter in which that happens, for days that were told of stay as they were told, but off
    -- the bin of the mailing's life in which it had ended, for a chart shows no less than nothing.
    WITH changed AS MATERIALIZED (
        SELECT n.quarter, n.second, n.mailing_id, final_status(n.status, n.uncertain, m.closed_as) AS ended, n.reason,
               coalesce(m.started_at, m.starts_at) AS began, sum(n.messages) AS messages
        FROM (
            SELECT quarter_of(CASE WHEN status = 'SENT' THEN coalesce(sent_at, here) ELSE here END) AS quarter,
                   history_bin(coalesce(CASE WHEN status = 'SENT' THEN sent_at END, ended_at, here), 1) AS second,
                   mailing_id, status, uncertain, coalesce(reason, '') AS reason, count(*) AS messages
            FROM after WHERE status <> 'SENDING' GROUP BY 1, 2, 3, 4, 5, 6
            UNION ALL
            SELECT quarter_of(CASE WHEN status = 'SENT' THEN coalesce(sent_at, here) ELSE here END),
                   history_bin(coalesce(CASE WHEN status = 'SENT' THEN sent_at END, ended_at, here), 1),
                   mailing_id, status, uncertain, coalesce(reason, ''), -count(*)
            FROM before WHERE status <> 'SENDING' GROUP BY 1, 2, 3, 4, 5, 6
        ) AS n LEFT JOIN mailing m ON m.id = n.mailing_id
        WHERE final_status(n.status, n.uncertain, m.closed_as) IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5, 6
        HAVING sum(n.messages) <> 0
    ), by_quarter AS (
        INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
        SELECT quarter, mailing_id, ended, reason, own_shard, sum(messages) FROM changed
        GROUP BY 1, 2, 3, 4 HAVING sum(messages) <> 0 ORDER BY 1, 2, 3, 4
        ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages
    )
    INSERT INTO history_tally AS t (mailing_id, at, status, shard, messages)
    SELECT mailing_id, history_bin_of(second, began), ended, history_shard, sum(messages) FROM changed
    WHERE began IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(messages) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (mailing_id, at, status, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tally_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here timestamptz := clock_timestamp();
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT ended.status, ended.reason, sum(ended.messages) AS messages
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
        GROUP BY 1, 2
        HAVING sum(ended.messages) <> 0
    ), by_quarter AS (
        INSERT INTO ending_tally AS t (quarter, mailing_id, status, reason, shard, messages)
        SELECT quarter_of(here), NEW.id, status, reason, 0, messages FROM changed ORDER BY 3, 4
        ON CONFLICT (quarter, mailing_id, status, reason, shard) DO UPDATE SET messages = t.messages + excluded.messages
    )
    INSERT INTO history_tally AS t (mailing_id, at, status, shard, messages)
    SELECT NEW.id, history_bin_of(here, coalesce(NEW.started_at, NEW.starts_at)), status, 0, sum(messages)
    FROM changed GROUP BY status ORDER BY status
    ON CONFLICT (mailing_id, at, status, shard) DO UPDATE SET messages = t.messages + excluded.messages;
    RETURN NULL;
END $$;

-- Its plan is kept as record_clients_edited's is (0007): a worker that began with few messages at a time would compare
-- each of a flush with all others, at three times the price for all that is counted here.
ALTER FUNCTION count_updated_messages() SET enable_nestloop = off;
