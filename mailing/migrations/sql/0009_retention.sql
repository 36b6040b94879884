-- Mailings that are over may lose their messages: their row, their counters and their history stay.
-- Frozen: later changes are migrations of their own.

-- Nothing has to be done about counters: no trigger runs where messages or attempts are deleted, so they keep saying
-- what the messages said last. They can move no more either, for what is over stays over:
ALTER TABLE mailing ADD CONSTRAINT mailing_without_messages_is_over
    CHECK (messages_removed_at IS NULL OR status IN ('FINISHED', 'CANCELLED'));

-- Whose turn comes next: the one that ended first of those that still have rows; and those that are half done.
CREATE INDEX mailing_kept ON mailing (ended_at) WHERE ended_at IS NOT NULL AND emptied_at IS NULL;
CREATE INDEX mailing_half_emptied ON mailing (id) WHERE messages_removed_at IS NOT NULL AND emptied_at IS NULL;

-- As message has it (0001): what a night's work leaves has to be reused soon, not when a fifth of the table is dead.
ALTER TABLE delivery_attempt SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
