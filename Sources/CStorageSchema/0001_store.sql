-- The first schema of a project's store. Shipped: never edited; a change is a file of its own behind it.
--
-- What must hold for every writer, a plain sqlite3 shell included, stands here as constraints and triggers. Their names
-- appear in the errors. Foreign keys bind only connections that switch them on, so nothing relies on them alone.

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Hashes in `tombstone` are salted, so that what was forgotten can't be guessed from them.
INSERT INTO meta VALUES ('salt', hex(randomblob(16))), ('uid', lower(hex(randomblob(16))));

CREATE TABLE project (
    id         INTEGER PRIMARY KEY CONSTRAINT one_project_a_store CHECK (id = 1),
    root       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Conversations -------------------------------------------------------------------------------------------------------

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    uid        TEXT NOT NULL CONSTRAINT session_is_stored_once UNIQUE,
    cwd        TEXT,
    branch     TEXT,
    started_at TEXT NOT NULL DEFAULT '',
    ended_at   TEXT NOT NULL DEFAULT ''
) STRICT;

-- How far each transcript has been read. `size` and `tail_hash` tell an appended file from a rewritten one.
CREATE TABLE transcript (
    id          INTEGER PRIMARY KEY,
    path        TEXT NOT NULL CONSTRAINT transcript_is_known_once UNIQUE,
    session_id  INTEGER REFERENCES session (id),
    size        INTEGER NOT NULL DEFAULT 0,
    tail_hash   TEXT NOT NULL DEFAULT '',
    offset      INTEGER NOT NULL DEFAULT 0,
    next_line   INTEGER NOT NULL DEFAULT 1,
    -- What read it: packs, weights and version of the program.
    plan        TEXT NOT NULL DEFAULT '',
    ingested_at TEXT NOT NULL DEFAULT '',
    is_gone     INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1))
) STRICT;
CREATE INDEX transcript_by_session ON transcript (session_id);

-- One run of ingest, import or a command that stores.
CREATE TABLE ingest (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL CHECK (kind IN ('ingest', 'import', 'command', 'topics')),
    started_at  TEXT NOT NULL,
    transcripts INTEGER NOT NULL DEFAULT 0,
    turns       INTEGER NOT NULL DEFAULT 0,
    inserted    INTEGER NOT NULL DEFAULT 0,
    merged      INTEGER NOT NULL DEFAULT 0,
    superseded  INTEGER NOT NULL DEFAULT 0,
    archived    INTEGER NOT NULL DEFAULT 0,
    refused     INTEGER NOT NULL DEFAULT 0,
    redacted    INTEGER NOT NULL DEFAULT 0,
    undone_at   TEXT
) STRICT;

-- The archive: the prose of every turn.
CREATE TABLE turn (
    id            INTEGER PRIMARY KEY,
    -- Of role, time and text: the same in a copy or a fork of the session.
    identity      INTEGER NOT NULL CONSTRAINT turn_is_stored_once UNIQUE,
    session_id    INTEGER NOT NULL REFERENCES session (id),
    transcript_id INTEGER REFERENCES transcript (id),
    line          INTEGER NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'summary', 'tool')),
    said_at       TEXT NOT NULL DEFAULT '',
    text          TEXT NOT NULL,
    -- Overlapping pairs of ideographs, with the words between them set apart: see Storage/SearchText.swift.
    cjk           TEXT NOT NULL DEFAULT '',
    -- Whether a memory names it as evidence.
    cited         INTEGER NOT NULL DEFAULT 0 CHECK (cited IN (0, 1))
) STRICT;
CREATE INDEX turn_by_session ON turn (session_id, said_at, line);
CREATE INDEX turn_to_evict ON turn (said_at, id) WHERE cited = 0;

CREATE VIRTUAL TABLE turn_fts USING fts5 (
    text, cjk, content = 'turn', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Insertion fills the index directly (8 against 34 µs a row); what goes, goes through here, from whatever hand.
CREATE TRIGGER turn_leaves_its_index BEFORE DELETE ON turn
BEGIN
    INSERT INTO turn_fts (turn_fts, rowid, text, cjk) VALUES ('delete', OLD.id, OLD.text, OLD.cjk);
    UPDATE archive_usage SET bytes = bytes - length(CAST (OLD.text AS BLOB));
END;

CREATE TRIGGER turn_is_never_rewritten BEFORE UPDATE OF text, cjk, identity ON turn
BEGIN
    SELECT RAISE (ABORT, 'turn_is_never_rewritten');
END;

CREATE TABLE archive_budget (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    max_bytes INTEGER NOT NULL CHECK (max_bytes >= 0)
) STRICT;
INSERT INTO archive_budget VALUES (1, 536870912);

CREATE TABLE archive_usage (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    bytes INTEGER NOT NULL
) STRICT;
INSERT INTO archive_usage VALUES (1, 0);

CREATE TRIGGER turn_counts_as_used AFTER INSERT ON turn
BEGIN
    UPDATE archive_usage SET bytes = bytes + length(CAST (NEW.text AS BLOB));
END;

-- Oldest first, never a turn that a memory cites: at most 512 go at a time, which is more than one that came.
CREATE TRIGGER archive_stays_within_budget AFTER UPDATE OF bytes ON archive_usage
WHEN NEW.bytes > (SELECT max_bytes FROM archive_budget)
BEGIN
    DELETE FROM turn WHERE id IN (
        SELECT id FROM (
            SELECT id, sum(length(CAST (text AS BLOB))) OVER (ORDER BY said_at, id) - length(CAST (text AS BLOB)) AS before
            FROM (SELECT id, said_at, text FROM turn WHERE cited = 0 ORDER BY said_at, id LIMIT 512)
        )
        WHERE before < NEW.bytes - (SELECT max_bytes FROM archive_budget)
    );
END;

-- Memories ------------------------------------------------------------------------------------------------------------

CREATE TABLE memory (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Stable across machines; `id` is the short local one.
    uid          TEXT NOT NULL CONSTRAINT memory_uid_is_unique UNIQUE,
    category     TEXT NOT NULL CONSTRAINT memory_category_is_known CHECK (
        category IN ('decision', 'constraint', 'result', 'config', 'bug', 'task', 'arch', 'note')),
    content      TEXT NOT NULL CONSTRAINT memory_has_content CHECK (trim(content) <> ''),
    importance   INTEGER NOT NULL CONSTRAINT memory_importance_is_1_to_5 CHECK (importance BETWEEN 1 AND 5),
    state        TEXT NOT NULL DEFAULT 'active' CONSTRAINT memory_state_is_known CHECK (
        state IN ('active', 'superseded', 'archived')),
    -- How it was made.
    origin       TEXT NOT NULL DEFAULT 'manual' CONSTRAINT memory_origin_is_known CHECK (
        origin IN ('rule', 'salient', 'manual', 'llm', 'claude-judged', 'retroactive', 'topic', 'import')),
    -- `category:subject`; in the categories where the latest wins, a newer statement replaces the older.
    key          TEXT,
    -- Thousandths; null for what a person said to keep.
    score        INTEGER,
    -- JSON: [["name", thousandths], …].
    terms        TEXT NOT NULL DEFAULT '[]',
    rule         TEXT,
    pack         TEXT,
    pack_version TEXT,
    -- An estimate: what its line costs in context.
    tokens       INTEGER NOT NULL DEFAULT 1 CHECK (tokens > 0),
    -- When it was said, last.
    said_at      TEXT NOT NULL DEFAULT '',
    created_at   TEXT NOT NULL DEFAULT '',
    -- Why it is not active.
    reason       TEXT,
    cjk          TEXT NOT NULL DEFAULT '',
    identifiers  TEXT NOT NULL DEFAULT '',
    -- The folded statement. A virtual column, so that nobody can store a wrong one.
    fingerprint  TEXT NOT NULL GENERATED ALWAYS AS (
        rtrim(lower(replace(replace(replace(replace(content, '`', ''), '*', ''), '"', ''), '''', '')), ' .;:!')
    ) VIRTUAL
) STRICT;

-- One index for both questions: is it there now (unique), and was it ever there.
CREATE UNIQUE INDEX memory_active_fact_is_unique ON memory (fingerprint, (CASE state WHEN 'active' THEN 0 ELSE id END));
CREATE UNIQUE INDEX memory_active_key_is_unique ON memory (key)
    WHERE state = 'active' AND key IS NOT NULL AND category IN ('config', 'result', 'task', 'decision');
CREATE INDEX memory_by_key ON memory (key) WHERE key IS NOT NULL;

CREATE TRIGGER memory_is_never_overwritten BEFORE UPDATE OF content, uid, cjk, identifiers ON memory
WHEN OLD.content IS NOT NEW.content OR OLD.uid IS NOT NEW.uid
    OR OLD.cjk IS NOT NEW.cjk OR OLD.identifiers IS NOT NEW.identifiers
BEGIN
    SELECT RAISE (ABORT, 'memory_is_never_overwritten');
END;

-- Only `forget` deletes; it says so in `meta` for the length of its transaction.
CREATE TRIGGER memory_is_never_deleted BEFORE DELETE ON memory
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'forgetting')
BEGIN
    SELECT RAISE (ABORT, 'memory_is_never_deleted');
END;

CREATE VIRTUAL TABLE memory_fts USING fts5 (
    content, cjk, content = 'memory', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIEW memory_with_identifiers AS SELECT id, identifiers FROM memory WHERE identifiers <> '';
CREATE VIRTUAL TABLE memory_trigram USING fts5 (
    identifiers, content = 'memory_with_identifiers', content_rowid = 'id', tokenize = 'trigram'
);

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
END;

-- Hashes that two wordings of one fact are likely to share: nominates near duplicates, decides nothing.
CREATE TABLE memory_near (
    hash      INTEGER NOT NULL,
    memory_id INTEGER NOT NULL REFERENCES memory (id),
    PRIMARY KEY (hash, memory_id)
) STRICT, WITHOUT ROWID;

-- Every place where a memory was said.
CREATE TABLE memory_source (
    id            INTEGER PRIMARY KEY,
    memory_id     INTEGER NOT NULL REFERENCES memory (id),
    -- Of role, time and words: the same in a copy or a fork of the session.
    identity      INTEGER NOT NULL,
    session_id    INTEGER REFERENCES session (id),
    transcript_id INTEGER REFERENCES transcript (id),
    turn_id       INTEGER REFERENCES turn (id),
    line          INTEGER,
    end_line      INTEGER,
    byte_start    INTEGER,
    byte_end      INTEGER,
    role          TEXT,
    said_at       TEXT NOT NULL DEFAULT '',
    quote         TEXT NOT NULL DEFAULT '',
    rule          TEXT,
    pack          TEXT,
    pack_version  TEXT,
    ingest_id     INTEGER REFERENCES ingest (id),
    CONSTRAINT sighting_is_counted_once UNIQUE (memory_id, identity)
) STRICT;
CREATE INDEX source_by_transcript ON memory_source (transcript_id);

-- That a turn is cited, `record` notes itself: a trigger here would make SQLite open a savepoint for each row, and FTS5
-- write its index out at each savepoint (250 instead of 60 µs a memory).

-- What happened to a memory, in order.
CREATE TABLE memory_event (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_id INTEGER NOT NULL REFERENCES memory (id),
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN (
        'inserted', 'merged', 'superseded', 'archived', 'restored', 'changed', 'linked', 'unlinked')),
    -- JSON with what the kind needs.
    detail    TEXT NOT NULL DEFAULT '{}',
    ingest_id INTEGER REFERENCES ingest (id)
) STRICT;
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

CREATE TABLE memory_link (
    from_id    INTEGER NOT NULL REFERENCES memory (id),
    to_id      INTEGER NOT NULL REFERENCES memory (id),
    kind       TEXT NOT NULL CONSTRAINT link_kind_is_known CHECK (kind IN (
        'supersedes', 'related_to', 'resolves', 'caused_by', 'attempted_fix_for', 'conflicts_with', 'derived_from')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (from_id, to_id, kind),
    CONSTRAINT link_joins_two CHECK (from_id <> to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_target ON memory_link (to_id);

CREATE TABLE memory_tag (
    memory_id INTEGER NOT NULL REFERENCES memory (id),
    tag       TEXT NOT NULL CHECK (tag <> ''),
    PRIMARY KEY (memory_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_by_name ON memory_tag (tag);

-- What `forget` took out, so that it can't come back. Salted hashes only.
CREATE TABLE tombstone (
    kind       TEXT NOT NULL CHECK (kind IN ('fact', 'quote', 'turn', 'session')),
    hash       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID;

-- Budgets -------------------------------------------------------------------------------------------------------------

CREATE TABLE injection_budget (
    event      TEXT NOT NULL PRIMARY KEY,
    max_tokens INTEGER NOT NULL CHECK (max_tokens BETWEEN 0 AND 9500),
    max_items  INTEGER NOT NULL CHECK (max_items >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO injection_budget VALUES ('SessionStart', 2000, 60), ('UserPromptSubmit', 600, 12), ('PreToolUse', 120, 3);

-- At most so many items of a category in one injection; a category that is not named has no limit of its own.
CREATE TABLE injection_cap (
    event     TEXT NOT NULL REFERENCES injection_budget (event),
    category  TEXT NOT NULL,
    max_items INTEGER NOT NULL CHECK (max_items >= 0),
    PRIMARY KEY (event, category)
) STRICT, WITHOUT ROWID;
INSERT INTO injection_cap VALUES
    ('SessionStart', 'note', 4), ('SessionStart', 'result', 10), ('SessionStart', 'config', 12),
    ('SessionStart', 'arch', 12), ('SessionStart', 'task', 12);

-- The ledger: each memory that reached the model. `batch` is one answer of a hook.
CREATE TABLE injection (
    id        INTEGER PRIMARY KEY,
    batch     INTEGER NOT NULL,
    event     TEXT NOT NULL REFERENCES injection_budget (event),
    session   TEXT NOT NULL,
    memory_id INTEGER NOT NULL REFERENCES memory (id),
    tokens    INTEGER NOT NULL CONSTRAINT injection_costs_tokens CHECK (tokens > 0),
    at        TEXT NOT NULL,
    CONSTRAINT memory_is_injected_once_a_batch UNIQUE (batch, memory_id)
) STRICT;
CREATE INDEX injection_by_session ON injection (session, memory_id);

CREATE TRIGGER injection_event_is_known BEFORE INSERT ON injection
WHEN NOT EXISTS (SELECT 1 FROM injection_budget WHERE event = NEW.event)
BEGIN
    SELECT RAISE (ABORT, 'injection_event_is_known');
END;
CREATE TRIGGER injection_event_stays_known BEFORE UPDATE ON injection
WHEN NOT EXISTS (SELECT 1 FROM injection_budget WHERE event = NEW.event)
BEGIN
    SELECT RAISE (ABORT, 'injection_event_is_known');
END;

-- A line can't cost less than its memory does, a batch has one event, and it stays within its budget.
CREATE TRIGGER injection_is_within_budget AFTER INSERT ON injection
BEGIN
    SELECT RAISE (ABORT, 'injection_is_of_a_memory') WHERE NOT EXISTS (
        SELECT 1 FROM memory WHERE id = NEW.memory_id AND state = 'active');
    SELECT RAISE (ABORT, 'injection_counts_its_tokens')
        WHERE NEW.tokens < (SELECT tokens FROM memory WHERE id = NEW.memory_id);
    SELECT RAISE (ABORT, 'injection_batch_has_one_event') WHERE EXISTS (
        SELECT 1 FROM injection WHERE batch = NEW.batch AND (event <> NEW.event OR session <> NEW.session));
    SELECT RAISE (ABORT, 'injection_is_within_budget') WHERE EXISTS (
        SELECT 1 FROM injection_budget AS b WHERE b.event = NEW.event AND (
            b.max_tokens < (SELECT sum(tokens) FROM injection WHERE batch = NEW.batch)
            OR b.max_items < (SELECT count(*) FROM injection WHERE batch = NEW.batch)));
    SELECT RAISE (ABORT, 'injection_is_within_its_caps') WHERE EXISTS (
        SELECT 1 FROM injection_cap AS c WHERE c.event = NEW.event AND c.max_items < (
            SELECT count(*) FROM injection AS i JOIN memory AS m ON m.id = i.memory_id
            WHERE i.batch = NEW.batch AND m.category = c.category));
END;
CREATE TRIGGER injection_stays_within_budget AFTER UPDATE ON injection
BEGIN
    SELECT RAISE (ABORT, 'injection_counts_its_tokens')
        WHERE NEW.tokens < (SELECT tokens FROM memory WHERE id = NEW.memory_id);
    SELECT RAISE (ABORT, 'injection_batch_has_one_event') WHERE EXISTS (
        SELECT 1 FROM injection WHERE batch = NEW.batch AND (event <> NEW.event OR session <> NEW.session));
    SELECT RAISE (ABORT, 'injection_is_within_budget') WHERE EXISTS (
        SELECT 1 FROM injection_budget AS b WHERE b.event = NEW.event AND (
            b.max_tokens < (SELECT sum(tokens) FROM injection WHERE batch = NEW.batch)
            OR b.max_items < (SELECT count(*) FROM injection WHERE batch = NEW.batch)));
    SELECT RAISE (ABORT, 'injection_is_within_its_caps') WHERE EXISTS (
        SELECT 1 FROM injection_cap AS c WHERE c.event = NEW.event AND c.max_items < (
            SELECT count(*) FROM injection AS i JOIN memory AS m ON m.id = i.memory_id
            WHERE i.batch = NEW.batch AND m.category = c.category));
END;

-- What each event may inject, in rank order: the best 300, cut by category, then what fits. A row that is too large is
-- skipped and does not end the list, which a window sum could not do.
CREATE VIEW injectable AS
WITH RECURSIVE
best AS MATERIALIZED (
    SELECT id, category, content, importance, tokens, said_at
    FROM memory WHERE state = 'active'
    ORDER BY importance DESC, category = 'constraint' DESC, said_at DESC, id DESC LIMIT 300
),
ranked AS MATERIALIZED (
    SELECT b.event, m.id, m.category, m.tokens, b.max_tokens, b.max_items,
        row_number() OVER (PARTITION BY b.event
            ORDER BY m.importance = 5 DESC, m.category = 'constraint' DESC, m.importance DESC, m.said_at DESC, m.id DESC
        ) AS rank
    FROM (
        SELECT e.event, m.*,
            row_number() OVER (PARTITION BY e.event, m.category
                ORDER BY m.importance DESC, m.said_at DESC, m.id DESC) AS of_category
        FROM injection_budget AS e JOIN best AS m ON m.tokens <= e.max_tokens
    ) AS m
    JOIN injection_budget AS b ON b.event = m.event
    LEFT JOIN injection_cap AS c ON c.event = m.event AND c.category = m.category
    WHERE c.max_items IS NULL OR m.of_category <= c.max_items
),
chosen (event, rank, id, used, items, is_in) AS (
    SELECT event, 0, NULL, 0, 0, 0 FROM injection_budget
    UNION ALL
    SELECT r.event, r.rank, r.id,
        c.used + iif(c.used + r.tokens <= r.max_tokens AND c.items < r.max_items, r.tokens, 0),
        c.items + (c.used + r.tokens <= r.max_tokens AND c.items < r.max_items),
        c.used + r.tokens <= r.max_tokens AND c.items < r.max_items
    FROM chosen AS c JOIN ranked AS r ON r.event = c.event AND r.rank = c.rank + 1
)
SELECT c.event, c.rank, m.id, m.category, m.importance, m.content, m.tokens, c.used AS running_tokens
FROM chosen AS c JOIN memory AS m ON m.id = c.id
WHERE c.is_in;

CREATE TABLE llm_budget (
    scope      TEXT NOT NULL PRIMARY KEY CHECK (scope IN ('day', 'session')),
    max_tokens INTEGER NOT NULL CHECK (max_tokens >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO llm_budget VALUES ('day', 50000), ('session', 20000);

-- The ledger of model calls. A call is written before it is made, with the most that it can cost.
CREATE TABLE llm_call (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL CONSTRAINT llm_call_has_a_day CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'),
    session       TEXT NOT NULL,
    model         TEXT NOT NULL,
    tokens_in     INTEGER NOT NULL CHECK (tokens_in >= 0),
    tokens_out    INTEGER NOT NULL CHECK (tokens_out >= 0),
    tokens_cached INTEGER NOT NULL DEFAULT 0 CHECK (tokens_cached >= 0),
    -- Millionths of a dollar; null when the price is not known.
    cost          INTEGER,
    outcome       TEXT NOT NULL
) STRICT;
CREATE INDEX llm_call_by_day ON llm_call (substr(at, 1, 10));
CREATE INDEX llm_call_by_session ON llm_call (session);

CREATE TRIGGER llm_call_is_within_budget AFTER INSERT ON llm_call
BEGIN
    SELECT RAISE (ABORT, 'llm_call_is_within_budget') WHERE
        (SELECT sum(tokens_in + tokens_out) FROM llm_call WHERE substr(at, 1, 10) = substr(NEW.at, 1, 10))
            > coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'day'), 0)
        OR (SELECT sum(tokens_in + tokens_out) FROM llm_call WHERE session = NEW.session)
            > coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'session'), 0);
END;
CREATE TRIGGER llm_call_stays_within_budget AFTER UPDATE ON llm_call
WHEN NEW.tokens_in + NEW.tokens_out > OLD.tokens_in + OLD.tokens_out OR NEW.session <> OLD.session OR NEW.at <> OLD.at
BEGIN
    SELECT RAISE (ABORT, 'llm_call_is_within_budget') WHERE
        (SELECT sum(tokens_in + tokens_out) FROM llm_call WHERE substr(at, 1, 10) = substr(NEW.at, 1, 10))
            > coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'day'), 0)
        OR (SELECT sum(tokens_in + tokens_out) FROM llm_call WHERE session = NEW.session)
            > coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'session'), 0);
END;
