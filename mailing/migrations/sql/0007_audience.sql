-- How many clients there are of each operator code, tag and zone.
-- Frozen: later changes are migrations of their own.

-- Kept by triggers, so that no writer of clients can forget it. A writer only adds rows to client_count_change: nobody
-- waits for anybody, however long a transaction takes and in whatever order it comes by its clients. What has been
-- committed there moves to the other tables in steps, in the background. Exact at every moment are the sums over both.
CREATE TABLE client_count_change (
    operator_code text NOT NULL,
    tag text NOT NULL,
    timezone text NOT NULL,
    clients bigint NOT NULL       -- how many came, or if negative, went
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- By all three properties together: what a filter by one of them leaves of the others.
CREATE TABLE client_count (
    operator_code text NOT NULL,
    tag text NOT NULL,
    timezone text NOT NULL,
    clients bigint NOT NULL,
    PRIMARY KEY (tag, operator_code, timezone)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX client_count_operator_code ON client_count (operator_code);

-- By each of them alone: what there is, however many combinations of it there are.
CREATE TABLE client_property_count (
    property text NOT NULL,       -- '': all clients; operator_code, tag, timezone
    value text NOT NULL,
    clients bigint NOT NULL,
    PRIMARY KEY (property, value)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- With what has changed lately: one combination, or one value, may stand there several times.
CREATE VIEW client_kind AS
    SELECT operator_code, tag, timezone, clients FROM client_count
    UNION ALL SELECT operator_code, tag, timezone, clients FROM client_count_change;
CREATE VIEW client_property AS
    SELECT property, value, clients FROM client_property_count
    UNION ALL SELECT '', '', clients FROM client_count_change
    UNION ALL SELECT 'operator_code', operator_code, clients FROM client_count_change
    UNION ALL SELECT 'tag', tag, clients FROM client_count_change
    UNION ALL SELECT 'timezone', timezone, clients FROM client_count_change;

-- Moves some changes, at most so many. For one at a time: the others would count what this one has counted.
CREATE FUNCTION settle_client_counts(most integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved client_count_change[];
BEGIN
    WITH gone AS (
        DELETE FROM client_count_change
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM client_count_change LIMIT most)) RETURNING *
    ) SELECT array_agg(gone::client_count_change) INTO moved FROM gone;

    MERGE INTO client_count AS c
    USING (
        SELECT operator_code, tag, timezone, sum(clients) AS clients FROM unnest(moved)
        GROUP BY 1, 2, 3 HAVING sum(clients) <> 0
    ) AS m ON c.operator_code = m.operator_code AND c.tag = m.tag AND c.timezone = m.timezone
    WHEN MATCHED AND c.clients + m.clients = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET clients = c.clients + m.clients
    WHEN NOT MATCHED THEN INSERT (operator_code, tag, timezone, clients)
        VALUES (m.operator_code, m.tag, m.timezone, m.clients);

    MERGE INTO client_property_count AS c
    USING (
        SELECT property, value, sum(clients) AS clients
        FROM unnest(moved) CROSS JOIN LATERAL (VALUES
            ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone)
        ) AS of (property, value)
        GROUP BY 1, 2 HAVING sum(clients) <> 0
    ) AS m ON c.property = m.property AND c.value = m.value
    WHEN MATCHED AND c.clients + m.clients = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET clients = c.clients + m.clients
    WHEN NOT MATCHED THEN INSERT (property, value, clients) VALUES (m.property, m.value, m.clients);
END $$;

CREATE FUNCTION count_clients_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count_change (operator_code, tag, timezone, clients)
    SELECT operator_code, tag, timezone, count(*) FROM after GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION count_clients_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count_change (operator_code, tag, timezone, clients)
    SELECT operator_code, tag, timezone, sum(clients)
    FROM (
        SELECT operator_code, tag, timezone, 1 AS clients FROM after
        UNION ALL
        SELECT operator_code, tag, timezone, -1 FROM before
    ) AS changed
    GROUP BY 1, 2, 3 HAVING sum(clients) <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION count_clients_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count_change (operator_code, tag, timezone, clients)
    SELECT operator_code, tag, timezone, -count(*) FROM before GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

-- By hand, for the service never does it.
CREATE FUNCTION count_clients_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE client_count, client_property_count, client_count_change;
    RETURN NULL;
END $$;

CREATE TRIGGER client_created_count AFTER INSERT ON client
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_clients_created();
CREATE TRIGGER client_edited_count AFTER UPDATE ON client
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_clients_edited();
CREATE TRIGGER client_deleted_count AFTER DELETE ON client
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_clients_deleted();
CREATE TRIGGER client_truncated_count AFTER TRUNCATE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION count_clients_truncated();

-- A function's plans are made for as many rows as it first sees in a session, and kept. After a few edits of one client
-- each, comparing every row before with every row after looks cheap, and is 45 times slower when 10,000 come at once.
ALTER FUNCTION record_clients_edited() SET enable_nestloop = off;
