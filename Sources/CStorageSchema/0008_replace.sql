-- REPLACE deletes the row that is in its way without asking the triggers on deletion, so what stays for ever is asked for before
-- a row comes. The number of a row has three names more than its column.
--
-- What asks before a row comes makes SQLite keep a way back for the statement, and FTS5 write its index out for each row (100
-- instead of 60 µs a memory), unless nothing in the statement can ABORT: here nothing can, since FAIL ends it otherwise and the
-- references of an event are looked at when the transaction ends. On `memory` itself anything can, by the functions in its
-- columns: there `ccmem audit` finds what REPLACE has left behind.

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'REFERENCES memory (id)', 'REFERENCES memory (id) DEFERRABLE INITIALLY DEFERRED'),
    'REFERENCES ingest (id)', 'REFERENCES ingest (id) DEFERRABLE INITIALLY DEFERRED')
    WHERE type = 'table' AND name = 'memory_event';
PRAGMA writable_schema = RESET;

CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON memory_event
WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM memory_event WHERE id = NEW.id)
BEGIN
    SELECT RAISE (FAIL, 'event_is_never_changed');
END;

CREATE TRIGGER memory_keeps_its_number BEFORE UPDATE OF rowid, oid, _rowid_ ON memory WHEN NEW.id <> OLD.id
BEGIN
    SELECT RAISE (ABORT, 'memory_keeps_its_number');
END;
CREATE TRIGGER turn_keeps_its_row BEFORE UPDATE OF rowid, oid, _rowid_ ON turn WHEN NEW.id <> OLD.id
BEGIN
    SELECT RAISE (ABORT, 'turn_keeps_its_number');
END;

CREATE TRIGGER sent_is_never_replaced BEFORE INSERT ON llm_sent
WHEN EXISTS (SELECT 1 FROM llm_sent WHERE call_id = NEW.call_id AND session = NEW.session)
BEGIN
    SELECT RAISE (ABORT, 'sent_is_never_changed');
END;
CREATE TRIGGER refinement_is_never_replaced BEFORE INSERT ON refinement
WHEN EXISTS (SELECT 1 FROM refinement WHERE memory_id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'refinement_is_never_changed');
END;
CREATE TRIGGER tidy_subject_is_never_replaced BEFORE INSERT ON tidy_subject
WHEN EXISTS (SELECT 1 FROM tidy_subject WHERE proposal_id = NEW.proposal_id AND memory_id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'tidy_subject_is_never_changed');
END;
