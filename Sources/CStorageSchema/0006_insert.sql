-- What storing a memory costs. For a list of more than two constants SQLite builds a table in memory each time that the
-- statement runs, also in a CHECK: four of them took as long as all other work on a new memory. The same rules are said with
-- `=` and OR here, which takes rebuilding the tables that have them (https://sqlite.org/lang_altertable.html#otheralter).
--
-- Runs with foreign keys switched off. In the legacy mode renaming leaves alone what refers to a table: indexes of words,
-- views, triggers and foreign keys find the new one under the old name.

PRAGMA legacy_alter_table = ON;

-- No program asks it since session starts have an index of their own; it was a tenth of what every hook has to parse.
DROP VIEW injectable;

DROP INDEX memory_active_fact_is_unique;
DROP INDEX memory_active_key_is_unique;
DROP INDEX memory_by_key;
DROP INDEX memory_to_tell;
DROP INDEX memory_by_time;
ALTER TABLE memory RENAME TO memory_before;

-- What the columns mean, 0001_store.sql says: comments inside would be read by every program that opens the store.
CREATE TABLE memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL CONSTRAINT memory_uid_is_unique UNIQUE,
    category TEXT NOT NULL CONSTRAINT memory_category_is_known CHECK (
        category = 'decision' OR category = 'constraint' OR category = 'result' OR category = 'config'
        OR category = 'bug' OR category = 'task' OR category = 'arch' OR category = 'note'),
    content TEXT NOT NULL CONSTRAINT memory_has_content CHECK (trim(content) <> ''),
    importance INTEGER NOT NULL CONSTRAINT memory_importance_is_1_to_5 CHECK (importance BETWEEN 1 AND 5),
    state TEXT NOT NULL DEFAULT 'active' CONSTRAINT memory_state_is_known CHECK (
        state = 'active' OR state = 'superseded' OR state = 'archived'),
    origin TEXT NOT NULL DEFAULT 'manual' CONSTRAINT memory_origin_is_known CHECK (
        origin = 'rule' OR origin = 'salient' OR origin = 'manual' OR origin = 'llm' OR origin = 'claude-judged'
        OR origin = 'retroactive' OR origin = 'topic' OR origin = 'import'),
    key TEXT,
    score INTEGER,
    terms TEXT NOT NULL DEFAULT '[]',
    rule TEXT,
    pack TEXT,
    pack_version TEXT,
    tokens INTEGER NOT NULL DEFAULT 1 CHECK (tokens > 0),
    said_at TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL DEFAULT '',
    reason TEXT,
    cjk TEXT NOT NULL DEFAULT '',
    identifiers TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL GENERATED ALWAYS AS (
        rtrim(lower(replace(replace(replace(replace(content, '`', ''), '*', ''), '"', ''), '''', '')), ' .;:!')
    ) VIRTUAL
) STRICT;

INSERT INTO memory (id, uid, category, content, importance, state, origin, key, score, terms, rule, pack, pack_version,
    tokens, said_at, created_at, reason, cjk, identifiers)
SELECT id, uid, category, content, importance, state, origin, key, score, terms, rule, pack, pack_version,
    tokens, said_at, created_at, reason, cjk, identifiers FROM memory_before;
-- A number is never given again, that of a memory which was forgotten last neither.
DELETE FROM sqlite_sequence WHERE name = 'memory';
UPDATE sqlite_sequence SET name = 'memory' WHERE name = 'memory_before';
DROP TABLE memory_before;

CREATE UNIQUE INDEX memory_active_fact_is_unique ON memory (fingerprint, (CASE state WHEN 'active' THEN 0 ELSE id END));
-- For both questions too: which one holds the key now, where one alone may, and which ones have it.
CREATE UNIQUE INDEX memory_active_key_is_unique ON memory (key, (CASE WHEN state = 'active' AND (category = 'config'
    OR category = 'result' OR category = 'task' OR category = 'decision') THEN 0 ELSE id END)) WHERE key IS NOT NULL;
CREATE INDEX memory_to_tell ON memory (category, importance DESC, said_at DESC, id DESC) WHERE state = 'active';
CREATE INDEX memory_by_time ON memory (said_at, id);

CREATE TRIGGER memory_is_never_overwritten BEFORE UPDATE OF content, uid, cjk, identifiers ON memory
WHEN OLD.content IS NOT NEW.content OR OLD.uid IS NOT NEW.uid
    OR OLD.cjk IS NOT NEW.cjk OR OLD.identifiers IS NOT NEW.identifiers
BEGIN
    SELECT RAISE (ABORT, 'memory_is_never_overwritten');
END;
CREATE TRIGGER memory_is_never_deleted BEFORE DELETE ON memory
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'forgetting')
BEGIN
    SELECT RAISE (ABORT, 'memory_is_never_deleted');
END;
CREATE TRIGGER memory_leaves_its_indexes AFTER DELETE ON memory
BEGIN
    INSERT INTO memory_fts (memory_fts, rowid, content, cjk) VALUES ('delete', OLD.id, OLD.content, OLD.cjk);
    INSERT INTO memory_trigram (memory_trigram, rowid, identifiers)
        SELECT 'delete', OLD.id, OLD.identifiers WHERE OLD.identifiers <> '';
    DELETE FROM memory_source WHERE memory_id = OLD.id;
    DELETE FROM memory_event WHERE memory_id = OLD.id;
    DELETE FROM memory_link WHERE from_id = OLD.id OR to_id = OLD.id;
    DELETE FROM memory_tag WHERE memory_id = OLD.id;
    DELETE FROM memory_near WHERE memory_id = OLD.id;
    DELETE FROM injection WHERE memory_id = OLD.id;
    DELETE FROM memory_withheld WHERE memory_id = OLD.id;
    DELETE FROM refinement_original WHERE memory_id = OLD.id OR original_id = OLD.id;
    DELETE FROM refinement WHERE memory_id = OLD.id;
    DELETE FROM tidy_proposal WHERE id IN (SELECT proposal_id FROM tidy_subject WHERE memory_id = OLD.id);
    DELETE FROM tidy_subject WHERE proposal_id NOT IN (SELECT id FROM tidy_proposal);
    DELETE FROM memory_vector WHERE memory_id = OLD.id;
END;

-- Names in code are found by their letters and ranked by nothing: how long each is, nobody asks.
DROP TABLE memory_trigram;
CREATE VIRTUAL TABLE memory_trigram USING fts5 (
    identifiers, content = 'memory_with_identifiers', content_rowid = 'id', tokenize = 'trigram', columnsize = 0
);
INSERT INTO memory_trigram (memory_trigram) VALUES ('rebuild');

DROP INDEX event_by_memory;
DROP INDEX event_by_ingest;
ALTER TABLE memory_event RENAME TO memory_event_before;
CREATE TABLE memory_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_id INTEGER NOT NULL REFERENCES memory (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'inserted' OR kind = 'merged' OR kind = 'superseded' OR kind = 'archived'
        OR kind = 'restored' OR kind = 'changed' OR kind = 'linked' OR kind = 'unlinked'),
    detail TEXT NOT NULL DEFAULT '{}',
    ingest_id INTEGER REFERENCES ingest (id)
) STRICT;
INSERT INTO memory_event SELECT * FROM memory_event_before;
DELETE FROM sqlite_sequence WHERE name = 'memory_event';
UPDATE sqlite_sequence SET name = 'memory_event' WHERE name = 'memory_event_before';
DROP TABLE memory_event_before;
CREATE INDEX event_by_memory ON memory_event (memory_id);
CREATE INDEX event_by_ingest ON memory_event (ingest_id);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON memory_event
BEGIN
    SELECT RAISE (ABORT, 'event_is_never_changed');
END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON memory_event
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'forgetting')
BEGIN
    SELECT RAISE (ABORT, 'event_is_never_deleted');
END;

-- Nominates near duplicates and decides nothing; the trigger above removes what goes, and repairing what hangs loose. A look
-- at the memory for each of its hashes cost a quarter of storing them.
ALTER TABLE memory_near RENAME TO memory_near_before;
CREATE TABLE memory_near (
    hash INTEGER NOT NULL,
    memory_id INTEGER NOT NULL,
    PRIMARY KEY (hash, memory_id)
) STRICT, WITHOUT ROWID;
INSERT INTO memory_near SELECT hash, memory_id FROM memory_near_before;
DROP TABLE memory_near_before;

PRAGMA legacy_alter_table = OFF;
