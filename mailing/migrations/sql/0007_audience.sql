-- How many clients there are of each operator code, tag and zone, and where to look for the end of a phone.
-- Frozen: later changes are migrations of their own.

-- Kept by triggers, so that no writer of clients can forget it. A writer only adds rows to client_count_change: nobody
-- waits for anybody, however long a transaction takes and in whatever order it comes by its clients. What has been
-- committed there moves to client_count in steps, in the background. Exact at every moment is the sum of the two.
CREATE TABLE client_count (
    operator_code text NOT NULL,
    tag text NOT NULL,
    timezone text NOT NULL,
    clients bigint NOT NULL,
    PRIMARY KEY (tag, operator_code, timezone)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX client_count_operator_code ON client_count (operator_code);

CREATE TABLE client_count_change (
    operator_code text NOT NULL,
    tag text NOT NULL,
    timezone text NOT NULL,
    clients bigint NOT NULL       -- how many came, or if negative, went
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

CREATE VIEW client_group AS
    SELECT operator_code, tag, timezone, clients FROM client_count
    UNION ALL
    SELECT operator_code, tag, timezone, clients FROM client_count_change;

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
    TRUNCATE client_count, client_count_change;
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

-- Behind the triggers: until this commits nobody writes what they would count.
INSERT INTO client_count (operator_code, tag, timezone, clients)
SELECT operator_code, tag, timezone, count(*) FROM client GROUP BY 1, 2, 3;

-- People know the last digits of a phone. Its beginning is found by the index that makes phones unique.
CREATE INDEX client_last_digits ON client ((phone % 10000), id);
