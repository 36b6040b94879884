-- What the delivery engine needs beyond plain tables. Frozen: later changes are migrations of their own.

-- Every claim and every result rewrites a row: room on the page keeps the new version beside the old one.
ALTER TABLE message SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);

CREATE INDEX message_due ON message (mailing_id, timezone, due_at) WHERE status = 'PENDING';
CREATE INDEX message_leased ON message (lease_token) WHERE status = 'SENDING';
CREATE INDEX message_troubled ON message (mailing_id, status, client_id)
    WHERE status IN ('FAILED', 'EXPIRED', 'UNCONFIRMED', 'CANCELLED');
CREATE INDEX message_client ON message (client_id, id);

CREATE INDEX client_operator_code ON client (operator_code, id);
CREATE INDEX client_tag ON client (tag, id);
ALTER TABLE client ADD CONSTRAINT client_phone_is_russian CHECK (phone BETWEEN 70000000000 AND 79999999999);

-- The sweep asks every second for what is not over: few rows, whatever the table holds.
CREATE INDEX mailing_unfinished ON mailing (status, starts_at) WHERE status IN ('SCHEDULED', 'RUNNING', 'PAUSED');
CREATE INDEX mailing_deleted ON mailing (id) WHERE deleted_at IS NOT NULL;
ALTER TABLE mailing ADD CONSTRAINT mailing_ends_after_start CHECK (ends_at > starts_at);

-- Each wording a running mailing has had.
CREATE TABLE mailing_text (
    mailing_id bigint NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (mailing_id, version)
);

-- One row per request to the provider. No unique number: a try that the provider's 401 made void is tried again
-- under the same one.
CREATE TABLE delivery_attempt (
    message_id bigint NOT NULL,
    number integer NOT NULL,
    started_at timestamptz NOT NULL,
    duration_ms integer,          -- null: the worker died before it could tell
    outcome text NOT NULL,        -- a Verdict, or LOST: the worker died with the message in its hands
    http_status smallint,
    code integer,
    excerpt text,
    text_version integer,
    spent boolean NOT NULL DEFAULT true  -- false: a refused token, or a probe of a provider that fails, cost no try
);
CREATE INDEX delivery_attempt_message ON delivery_attempt (message_id, started_at);

-- A unit of parallelism of one mailing. Whoever holds the token may send until leased_until; every write of a
-- result renews the lease. The token's remainder by 64 is the slot, so that counters can be sharded by it.
CREATE SEQUENCE delivery_token;
CREATE TABLE delivery_slot (
    mailing_id bigint NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 63),
    token bigint,
    leased_until timestamptz,
    worker text,
    woken_at timestamptz,         -- when the sweep last sent a wake-up for it
    wakes smallint NOT NULL DEFAULT 0,  -- how many since it was last taken
    PRIMARY KEY (mailing_id, slot)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX delivery_slot_token ON delivery_slot (token) WHERE token IS NOT NULL;

-- How many messages of a mailing stand where, in all (dimension '') and by each property. Exact at every commit,
-- for triggers on message keep it. Sharded, so that pumps do not wait for each other: only sums mean something.
CREATE TABLE message_count (
    mailing_id bigint NOT NULL,
    dimension text NOT NULL,      -- '', operator_code, tag, timezone, reason
    value text NOT NULL,
    shard smallint NOT NULL,      -- 0: everyone but pumps; 1 + slot: the pump in that slot
    pending bigint NOT NULL DEFAULT 0,
    uncertain bigint NOT NULL DEFAULT 0,  -- those of pending that the provider may already have
    sending bigint NOT NULL DEFAULT 0,
    sent bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    expired bigint NOT NULL DEFAULT 0,
    unconfirmed bigint NOT NULL DEFAULT 0,
    cancelled bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (mailing_id, dimension, value, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- Messages accepted in each second, for the rate of the last ten.
CREATE TABLE mailing_tally (
    mailing_id bigint NOT NULL,
    second timestamptz NOT NULL,
    shard smallint NOT NULL,
    sent integer NOT NULL,
    PRIMARY KEY (mailing_id, second, shard)
) WITH (fillfactor = 70);
CREATE INDEX mailing_tally_second ON mailing_tally (second);

-- The channel to the provider: one row for all workers. Its breaker is CLOSED (requests leave), OPEN (nothing leaves
-- until next_probe_at) or HALF_OPEN (one request at a time probes whether the provider works again).
CREATE TABLE provider_channel (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    state text NOT NULL DEFAULT 'CLOSED' CHECK (state IN ('CLOSED', 'OPEN', 'HALF_OPEN')),
    cause text CHECK (cause IN ('FAILURES', 'TOKEN_REFUSED')),  -- null while closed
    reason text,                  -- for people
    since timestamptz NOT NULL DEFAULT now(),
    next_probe_at timestamptz,
    wait interval,                -- before the next probe, doubled by each that fails
    successes smallint NOT NULL DEFAULT 0,  -- of probes in a row
    prober text,                  -- who probes right now, and until when nobody else may
    probing_until timestamptz
);
INSERT INTO provider_channel DEFAULT VALUES;

-- Requests to the provider and failures of it in each second, as workers tell: for the share of the last ten.
CREATE TABLE provider_tally (
    second timestamptz PRIMARY KEY,
    requests integer NOT NULL,
    failures integer NOT NULL
) WITH (fillfactor = 70);

-- The one place where counters change with messages: no writer of messages can forget them. Takes the locks on
-- counters last and in one order, so that writers of the same counters queue up instead of deadlocking.
CREATE FUNCTION count_inserted_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_count AS c
        (mailing_id, dimension, value, shard, pending, uncertain, sending, sent, failed, expired, unconfirmed, cancelled)
    SELECT mailing_id, dimension, value, 0,
           coalesce(sum(n) FILTER (WHERE status = 'PENDING'), 0) AS pending,
           coalesce(sum(n) FILTER (WHERE status = 'PENDING' AND uncertain), 0) AS uncertain,
           coalesce(sum(n) FILTER (WHERE status = 'SENDING'), 0) AS sending,
           coalesce(sum(n) FILTER (WHERE status = 'SENT'), 0) AS sent,
           coalesce(sum(n) FILTER (WHERE status = 'FAILED'), 0) AS failed,
           coalesce(sum(n) FILTER (WHERE status = 'EXPIRED'), 0) AS expired,
           coalesce(sum(n) FILTER (WHERE status = 'UNCONFIRMED'), 0) AS unconfirmed,
           coalesce(sum(n) FILTER (WHERE status = 'CANCELLED'), 0) AS cancelled
    FROM (
        SELECT mailing_id, operator_code, tag, timezone, reason, status, uncertain, count(*) AS n
        FROM after GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS changed
    CROSS JOIN LATERAL (VALUES
        ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone), ('reason', reason)
    ) AS property (dimension, value)
    WHERE value IS NOT NULL
    GROUP BY mailing_id, dimension, value
    ORDER BY mailing_id, dimension, value
    ON CONFLICT (mailing_id, dimension, value, shard) DO UPDATE SET
        pending = c.pending + excluded.pending,
        uncertain = c.uncertain + excluded.uncertain,
        sending = c.sending + excluded.sending,
        sent = c.sent + excluded.sent,
        failed = c.failed + excluded.failed,
        expired = c.expired + excluded.expired,
        unconfirmed = c.unconfirmed + excluded.unconfirmed,
        cancelled = c.cancelled + excluded.cancelled;
    RETURN NULL;
END $$;

CREATE FUNCTION count_updated_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A claim and its results carry the token of one slot: that slot's shard. All else goes to shard 0.
    token bigint := greatest((SELECT max(lease_token) FROM before), (SELECT max(lease_token) FROM after));
    own_shard smallint := coalesce(1 + token % 64, 0);
BEGIN
    INSERT INTO message_count AS c
        (mailing_id, dimension, value, shard, pending, uncertain, sending, sent, failed, expired, unconfirmed, cancelled)
    SELECT mailing_id, dimension, value, own_shard,
           coalesce(sum(n) FILTER (WHERE status = 'PENDING'), 0) AS pending,
           coalesce(sum(n) FILTER (WHERE status = 'PENDING' AND uncertain), 0) AS uncertain,
           coalesce(sum(n) FILTER (WHERE status = 'SENDING'), 0) AS sending,
           coalesce(sum(n) FILTER (WHERE status = 'SENT'), 0) AS sent,
           coalesce(sum(n) FILTER (WHERE status = 'FAILED'), 0) AS failed,
           coalesce(sum(n) FILTER (WHERE status = 'EXPIRED'), 0) AS expired,
           coalesce(sum(n) FILTER (WHERE status = 'UNCONFIRMED'), 0) AS unconfirmed,
           coalesce(sum(n) FILTER (WHERE status = 'CANCELLED'), 0) AS cancelled
    FROM (
        SELECT mailing_id, operator_code, tag, timezone, reason, status, uncertain, count(*) AS n
        FROM after GROUP BY 1, 2, 3, 4, 5, 6, 7
        UNION ALL
        SELECT mailing_id, operator_code, tag, timezone, reason, status, uncertain, -count(*) AS n
        FROM before GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS changed
    CROSS JOIN LATERAL (VALUES
        ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone), ('reason', reason)
    ) AS property (dimension, value)
    WHERE value IS NOT NULL
    GROUP BY mailing_id, dimension, value
    ORDER BY mailing_id, dimension, value
    ON CONFLICT (mailing_id, dimension, value, shard) DO UPDATE SET
        pending = c.pending + excluded.pending,
        uncertain = c.uncertain + excluded.uncertain,
        sending = c.sending + excluded.sending,
        sent = c.sent + excluded.sent,
        failed = c.failed + excluded.failed,
        expired = c.expired + excluded.expired,
        unconfirmed = c.unconfirmed + excluded.unconfirmed,
        cancelled = c.cancelled + excluded.cancelled;

    INSERT INTO mailing_tally AS t (mailing_id, second, shard, sent)
    SELECT after.mailing_id, date_trunc('second', clock_timestamp()), own_shard, count(*)
    FROM after JOIN before USING (id)
    WHERE after.status = 'SENT' AND before.status <> 'SENT'
    GROUP BY after.mailing_id
    ORDER BY after.mailing_id
    ON CONFLICT (mailing_id, second, shard) DO UPDATE SET sent = t.sent + excluded.sent;
    RETURN NULL;
END $$;

CREATE TRIGGER message_inserted AFTER INSERT ON message
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_messages();
CREATE TRIGGER message_updated AFTER UPDATE ON message
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_updated_messages();
