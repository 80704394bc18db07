-- What hooks need to know: what is never injected, what has been answered already, and where a session was left.

-- Memories that only rules on trial (`status: experimental`) have read: stored and found, never injected.
CREATE TABLE memory_withheld (
    memory_id INTEGER PRIMARY KEY REFERENCES memory (id)
) STRICT;

CREATE TRIGGER memory_leaves_what_is_withheld AFTER DELETE ON memory
BEGIN
    DELETE FROM memory_withheld WHERE memory_id = OLD.id;
END;

CREATE TRIGGER injection_is_not_withheld BEFORE INSERT ON injection
WHEN EXISTS (SELECT 1 FROM memory_withheld WHERE memory_id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'injection_is_not_withheld');
END;
CREATE TRIGGER injection_stays_not_withheld BEFORE UPDATE ON injection
WHEN EXISTS (SELECT 1 FROM memory_withheld WHERE memory_id = NEW.memory_id)
BEGIN
    SELECT RAISE (ABORT, 'injection_is_not_withheld');
END;

DROP VIEW injectable;
CREATE VIEW injectable AS
WITH RECURSIVE
best AS MATERIALIZED (
    SELECT id, category, content, importance, tokens, said_at
    FROM memory WHERE state = 'active' AND id NOT IN (SELECT memory_id FROM memory_withheld)
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

-- What hooks have answered. One hook may be registered twice: of two calls that are the same, the row lets one through.
CREATE TABLE answer (
    session  TEXT NOT NULL,
    event    TEXT NOT NULL,
    -- Which of the event's calls: the prompt, or what a session began by.
    instance TEXT NOT NULL,
    -- Milliseconds since 1970. A call that was answered longer ago is another one.
    at       INTEGER NOT NULL,
    -- Of the ledger; what was injected before a compaction is no longer in the context.
    batch    INTEGER NOT NULL,
    CONSTRAINT call_is_answered_once PRIMARY KEY (session, event, instance)
) STRICT, WITHOUT ROWID;

-- Where a session was left, beside what its turns and memories say.
CREATE TABLE handoff_item (
    session_id INTEGER NOT NULL REFERENCES session (id),
    kind       TEXT NOT NULL CHECK (kind IN ('file', 'todo', 'test')),
    -- In the order in which they are shown.
    position   INTEGER NOT NULL,
    text       TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (session_id, kind, position)
) STRICT, WITHOUT ROWID;
