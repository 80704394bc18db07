-- What memories are about, counted as they come: words, for the whole store and for each session, and what memories can be
-- grouped by. All of it follows from the rows and can be made again. `counted_memory` says what of a memory the counts hold,
-- and `counted_until` in `meta` after which event nothing is counted yet: whoever asks counts what is younger.
--
-- No foreign keys: what goes is counted out before it goes.

CREATE TABLE keyword (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL CONSTRAINT keyword_is_counted_once UNIQUE,
    memories INTEGER NOT NULL CHECK (memories > 0),
    sessions INTEGER NOT NULL CHECK (sessions >= 0)
) STRICT;
CREATE TABLE session_keyword (
    session_id INTEGER NOT NULL,
    keyword_id INTEGER NOT NULL,
    memories INTEGER NOT NULL CHECK (memories > 0),
    PRIMARY KEY (session_id, keyword_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind = 'subject' OR kind = 'tag' OR kind = 'name'),
    name TEXT NOT NULL,
    memories INTEGER NOT NULL CHECK (memories > 0),
    CONSTRAINT topic_is_counted_once UNIQUE (kind, name)
) STRICT;
CREATE TABLE memory_topic (
    memory_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    PRIMARY KEY (memory_id, topic_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_topic_by_topic ON memory_topic (topic_id);
CREATE TABLE counted_memory (
    memory_id INTEGER PRIMARY KEY,
    sessions TEXT NOT NULL
) STRICT;

-- As in 0006: a list of more than two constants in a CHECK is a table that SQLite builds for each row. The archive can be
-- large, so the text of the schema is changed and no row is (https://sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (role IN (''user'', ''assistant'', ''summary'', ''tool''))',
    'CHECK (role = ''user'' OR role = ''assistant'' OR role = ''summary'' OR role = ''tool'')')
    WHERE type = 'table' AND name = 'turn';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (''failed'', ''passed'', ''changed''))',
    'CHECK (kind = ''failed'' OR kind = ''passed'' OR kind = ''changed'')')
    WHERE type = 'table' AND name = 'tool_call';
PRAGMA writable_schema = RESET;

-- What a memory costs is what its words cost, whatever its column says; and a budget that is gone is no budget.
CREATE TRIGGER injection_counts_its_words AFTER INSERT ON injection
WHEN NEW.tokens < (SELECT length(content) / 8 FROM memory WHERE id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'injection_counts_its_tokens');
END;
CREATE TRIGGER injection_goes_on_counting_its_words AFTER UPDATE ON injection
WHEN NEW.tokens < (SELECT length(content) / 8 FROM memory WHERE id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'injection_counts_its_tokens');
END;
CREATE TRIGGER archive_budget_is_never_deleted BEFORE DELETE ON archive_budget
BEGIN
    SELECT RAISE (ABORT, 'archive_budget_is_never_deleted');
END;
CREATE TRIGGER archive_usage_is_never_deleted BEFORE DELETE ON archive_usage
BEGIN
    SELECT RAISE (ABORT, 'archive_usage_is_never_deleted');
END;

-- REPLACE deletes the row that is in the way without asking the triggers on deletion.
CREATE TRIGGER turn_is_never_replaced BEFORE INSERT ON turn
WHEN EXISTS (SELECT 1 FROM turn WHERE id = NEW.id OR identity = NEW.identity)
BEGIN
    SELECT RAISE (ABORT, 'turn_is_stored_once');
END;
CREATE TRIGGER turn_keeps_its_number BEFORE UPDATE OF id ON turn WHEN NEW.id <> OLD.id
BEGIN
    SELECT RAISE (ABORT, 'turn_keeps_its_number');
END;
CREATE TRIGGER memory_replaces_none BEFORE UPDATE OF id, state, key, category ON memory
BEGIN
    SELECT RAISE (ABORT, 'memory_keeps_its_number') WHERE NEW.id <> OLD.id;
    SELECT RAISE (ABORT, 'memory_active_fact_is_unique') WHERE NEW.state = 'active' AND EXISTS (
        SELECT 1 FROM memory WHERE fingerprint = OLD.fingerprint AND state = 'active' AND id <> NEW.id);
    SELECT RAISE (ABORT, 'memory_active_key_is_unique') WHERE NEW.state = 'active' AND (NEW.category = 'config'
        OR NEW.category = 'result' OR NEW.category = 'task' OR NEW.category = 'decision') AND EXISTS (
        SELECT 1 FROM memory WHERE key = NEW.key AND id <> NEW.id AND state = 'active' AND (category = 'config'
            OR category = 'result' OR category = 'task' OR category = 'decision'));
END;
