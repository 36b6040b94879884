-- The audit trail: who did what to which client or mailing, and when the way to the provider was closed and opened.
-- Rows are written by triggers, in the transaction of what they tell of, so that no writer can forget them. What happens
-- to a message is not told here: its row and its attempts say it already. Frozen: later changes are migrations of their
-- own.

CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL CHECK (subject IN ('client', 'mailing', 'channel')),
    subject_id bigint NOT NULL,   -- 0 for the channel, of which there is one
    -- When it happened, not when its transaction began: whoever changes a row holds its lock, so the events of one
    -- subject have the order in which they were committed.
    at timestamptz NOT NULL,
    kind text NOT NULL,
    acted_by text,                -- whose request it arose from, and which: null where the service did it by itself
    operation_id text,
    details jsonb                 -- changes: {column: [old, new]}; messages: how many it concerned; …
);
-- The only index: a page of a timeline is one range of it.
CREATE UNIQUE INDEX event_of_subject ON event (subject, subject_id, at, id);

-- Until when a message was put off by the try that failed; null if it was not.
ALTER TABLE delivery_attempt ADD COLUMN next_try_at timestamptz;

-- Who asked for this transaction, and by which operation, as the service says it at its beginning.
CREATE FUNCTION acting_user() RETURNS text LANGUAGE sql STABLE
    RETURN nullif(current_setting('mailing.user', true), '');
CREATE FUNCTION acting_operation() RETURNS text LANGUAGE sql STABLE
    RETURN nullif(current_setting('mailing.operation_id', true), '');

CREATE FUNCTION record_event(subject text, subject_id bigint, kind text, details jsonb) RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO event (subject, subject_id, at, kind, acted_by, operation_id, details)
    VALUES ($1, $2, clock_timestamp(), $3, acting_user(), acting_operation(), $4)
$$;

-- Clients come by the ten thousand, so theirs are triggers of whole statements. Nothing is locked but what is written.
CREATE FUNCTION record_clients_created() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened_at timestamptz := clock_timestamp();
    acting text := acting_user();
    operation text := acting_operation();
BEGIN
    -- Without values: they are what the client has now, and the later changes tell what they were before.
    INSERT INTO event (subject, subject_id, at, kind, acted_by, operation_id)
    SELECT 'client', id, happened_at, 'CREATED', acting, operation FROM after;
    RETURN NULL;
END $$;

CREATE FUNCTION record_clients_edited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened_at timestamptz := clock_timestamp();
    acting text := acting_user();
    operation text := acting_operation();
BEGIN
    INSERT INTO event (subject, subject_id, at, kind, acted_by, operation_id, details)
    SELECT 'client', id, happened_at, 'EDITED', acting, operation, jsonb_build_object('changes', jsonb_strip_nulls(
        jsonb_build_object(
            'phone', CASE WHEN before.phone <> after.phone THEN jsonb_build_array(before.phone, after.phone) END,
            'operator_code', CASE WHEN before.operator_code <> after.operator_code
                             THEN jsonb_build_array(before.operator_code, after.operator_code) END,
            'tag', CASE WHEN before.tag <> after.tag THEN jsonb_build_array(before.tag, after.tag) END,
            'timezone', CASE WHEN before.timezone <> after.timezone
                        THEN jsonb_build_array(before.timezone, after.timezone) END
        )
    ))
    FROM after JOIN before USING (id)
    WHERE (after.phone, after.operator_code, after.tag, after.timezone)
        IS DISTINCT FROM (before.phone, before.operator_code, before.tag, before.timezone);
    RETURN NULL;
END $$;

-- A phone must not outlive its client: that it was changed stays, from what to what goes. Whoever deletes holds the
-- client's row, so no change of the phone can come after this.
CREATE FUNCTION record_clients_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened_at timestamptz := clock_timestamp();
    acting text := acting_user();
    operation text := acting_operation();
BEGIN
    UPDATE event SET details = jsonb_set(details, '{changes,phone}', '[null, null]')
    FROM before
    WHERE subject = 'client' AND subject_id = before.id AND details->'changes' ? 'phone';
    INSERT INTO event (subject, subject_id, at, kind, acted_by, operation_id, details)
    SELECT 'client', id, happened_at, 'DELETED', acting, operation, jsonb_build_object('changes', jsonb_build_object(
        'phone', '[null, null]'::jsonb,
        'operator_code', jsonb_build_array(operator_code, NULL::text),
        'tag', jsonb_build_array(tag, NULL::text),
        'timezone', jsonb_build_array(timezone, NULL::text)
    ))
    FROM before;
    RETURN NULL;
END $$;

CREATE TRIGGER client_created AFTER INSERT ON client
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION record_clients_created();
CREATE TRIGGER client_edited AFTER UPDATE ON client
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION record_clients_edited();
CREATE TRIGGER client_deleted AFTER DELETE ON client
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION record_clients_deleted();

-- What a person gives a mailing, by column.
CREATE FUNCTION mailing_values(m mailing) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'text', m.text, 'starts_at', m.starts_at, 'ends_at', m.ends_at, 'operator_codes', m.operator_codes,
        'tags', m.tags, 'window_opens_at', m.window_opens_at, 'window_closes_at', m.window_closes_at,
        'max_rate', m.max_rate
    )
$$;

-- What differs, as {column: [old, new]}; null if nothing does.
CREATE FUNCTION mailing_changes(before mailing, after mailing) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(key, jsonb_build_array(old.value, new.value))
    FROM jsonb_each(mailing_values(before)) old JOIN jsonb_each(mailing_values(after)) new USING (key)
    WHERE old.value <> new.value
$$;

-- The counters only, in one statement: exact where the mailing's row is locked against pumps.
CREATE FUNCTION count_waiting_messages(mailing_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(c.pending), 0)::bigint FROM message_count c WHERE c.mailing_id = $1 AND c.dimension = ''
$$;

CREATE FUNCTION count_all_messages(mailing_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(pending + sending + sent + failed + expired + unconfirmed + cancelled), 0)::bigint
    FROM message_count c WHERE c.mailing_id = $1 AND c.dimension = ''
$$;

CREATE FUNCTION record_mailing_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event('mailing', NEW.id, 'CREATED', jsonb_build_object('changes', mailing_changes(NULL, NEW)));
    RETURN NULL;
END $$;

CREATE FUNCTION record_mailing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := mailing_changes(OLD, NEW);
BEGIN
    IF changes IS NOT NULL THEN
        PERFORM record_event('mailing', NEW.id, 'EDITED', jsonb_build_object('changes', changes));
    END IF;
    IF OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL THEN
        -- That it was also cancelled, if it had not ended, goes without saying.
        PERFORM record_event('mailing', NEW.id, 'DELETED', NULL);
        RETURN NULL;
    END IF;
    IF OLD.status <> NEW.status THEN
        PERFORM record_event(
            'mailing', NEW.id,
            CASE WHEN NEW.status <> 'RUNNING' THEN NEW.status WHEN OLD.status = 'PAUSED' THEN 'RESUMED' ELSE 'STARTED' END,
            CASE WHEN NEW.status = 'CANCELLED' THEN jsonb_build_object('messages', count_waiting_messages(NEW.id)) END
        );
    END IF;
    IF OLD.selected_at IS NULL AND NEW.selected_at IS NOT NULL THEN
        PERFORM record_event(
            'mailing', NEW.id, 'AUDIENCE_SELECTED', jsonb_build_object('messages', count_all_messages(NEW.id))
        );
    END IF;
    IF OLD.closed_as IS NULL AND NEW.closed_as = 'EXPIRED' THEN
        PERFORM record_event(
            'mailing', NEW.id, 'EXPIRED', jsonb_build_object('messages', count_waiting_messages(NEW.id))
        );
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER mailing_created AFTER INSERT ON mailing FOR EACH ROW EXECUTE FUNCTION record_mailing_created();
-- A selection and the sweep write to the row all the time: what is no event must not even call the function.
CREATE TRIGGER mailing_changed AFTER UPDATE ON mailing FOR EACH ROW WHEN (
    (OLD.text, OLD.starts_at, OLD.ends_at, OLD.operator_codes, OLD.tags, OLD.window_opens_at, OLD.window_closes_at,
     OLD.max_rate, OLD.status, OLD.closed_as, OLD.deleted_at IS NULL, OLD.selected_at IS NULL)
    IS DISTINCT FROM
    (NEW.text, NEW.starts_at, NEW.ends_at, NEW.operator_codes, NEW.tags, NEW.window_opens_at, NEW.window_closes_at,
     NEW.max_rate, NEW.status, NEW.closed_as, NEW.deleted_at IS NULL, NEW.selected_at IS NULL)
) EXECUTE FUNCTION record_mailing_changed();

-- Probes come and go within HELD: what counts is that nothing leaves, since when, and why.
CREATE FUNCTION record_channel_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_event(
        'channel', 0, CASE NEW.state WHEN 'CLOSED' THEN 'RELEASED' ELSE 'HELD' END,
        jsonb_strip_nulls(jsonb_build_object('cause', NEW.cause, 'reason', NEW.reason))
    );
    RETURN NULL;
END $$;

CREATE TRIGGER channel_changed AFTER UPDATE ON provider_channel FOR EACH ROW
    WHEN (OLD.cause IS DISTINCT FROM NEW.cause) EXECUTE FUNCTION record_channel_changed();

-- What the rows still tell of the time before. Clients are too many: their rows tell when they were added.
INSERT INTO event (subject, subject_id, at, kind, details)
SELECT 'mailing', m.id, told.at, told.kind, told.details
FROM mailing m CROSS JOIN LATERAL (VALUES
    (m.created_at, 'CREATED', NULL::jsonb),
    (m.started_at, 'STARTED', NULL),
    (m.selected_at, 'AUDIENCE_SELECTED', jsonb_build_object('messages', count_all_messages(m.id))),
    (CASE WHEN m.closed_as = 'EXPIRED' THEN coalesce(m.ended_at, m.updated_at) END, 'EXPIRED', NULL),
    (CASE WHEN m.status IN ('FINISHED', 'CANCELLED') THEN coalesce(m.ended_at, m.deleted_at) END, m.status, NULL),
    (m.deleted_at, 'DELETED', NULL)
) AS told (at, kind, details)
WHERE told.at IS NOT NULL
ORDER BY m.id, told.at;
INSERT INTO event (subject, subject_id, at, kind, details)
SELECT 'channel', 0, since, 'HELD', jsonb_strip_nulls(jsonb_build_object('cause', cause, 'reason', reason))
FROM provider_channel WHERE state <> 'CLOSED';
