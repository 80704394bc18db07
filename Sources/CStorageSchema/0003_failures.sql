-- What failed, what was tried, and what mended it. All of it comes from calls of tools, never from words.

CREATE TABLE failure (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The program and what it was to do: `npm test`.
    program    TEXT NOT NULL CHECK (program <> ''),
    -- What it said, without what changes from run to run.
    signature  TEXT NOT NULL CHECK (signature <> ''),
    -- What it said, the last time.
    line       TEXT NOT NULL,
    -- The words behind the program, the last time; JSON.
    words      TEXT NOT NULL DEFAULT '[]',
    -- The file that it named, below the project's root where it is in there, and the last part of that.
    file       TEXT,
    file_name  TEXT,
    symbol     TEXT,
    state      TEXT NOT NULL DEFAULT 'open' CONSTRAINT failure_state_is_known CHECK (state IN ('open', 'resolved')),
    -- How often it was seen, and how often it came back after it had been resolved.
    count      INTEGER NOT NULL DEFAULT 1 CHECK (count > 0),
    reopened   INTEGER NOT NULL DEFAULT 0 CHECK (reopened >= 0),
    first_at   TEXT NOT NULL,
    last_at    TEXT NOT NULL,
    CONSTRAINT failure_is_kept_once UNIQUE (program, signature)
) STRICT;
CREATE INDEX failure_by_file ON failure (file_name) WHERE file_name IS NOT NULL;

-- Each call of a tool that counts, once, by the client's own id of it.
CREATE TABLE tool_call (
    id         INTEGER PRIMARY KEY,
    identity   TEXT NOT NULL CONSTRAINT tool_call_counts_once UNIQUE,
    session    TEXT NOT NULL,
    at         TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('failed', 'passed', 'changed')),
    program    TEXT,
    failure_id INTEGER REFERENCES failure (id),
    file       TEXT,
    before     TEXT,
    after      TEXT,
    CONSTRAINT tool_call_is_whole CHECK (kind = 'changed' AND file IS NOT NULL OR kind <> 'changed' AND program IS NOT NULL)
) STRICT;
CREATE INDEX tool_call_by_session ON tool_call (session, id);
CREATE INDEX tool_call_by_failure ON tool_call (failure_id) WHERE failure_id IS NOT NULL;

-- What was changed between a failure and the next run of its program.
CREATE TABLE attempt (
    id         INTEGER PRIMARY KEY,
    failure_id INTEGER NOT NULL REFERENCES failure (id),
    session    TEXT NOT NULL,
    at         TEXT NOT NULL,
    outcome    TEXT NOT NULL CHECK (outcome IN ('failed', 'mended')),
    -- JSON: [{"file", "before", "after"}, …]; empty when it passed with nothing changed.
    changes    TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX attempt_by_failure ON attempt (failure_id);

-- That a session has been warned of a failure. A second warning comes only when it has failed again since.
CREATE TABLE failure_warning (
    failure_id INTEGER NOT NULL REFERENCES failure (id),
    session    TEXT NOT NULL,
    -- `failure.count` at that time.
    count      INTEGER NOT NULL,
    -- What the warning cost in context.
    tokens     INTEGER NOT NULL CHECK (tokens > 0),
    at         TEXT NOT NULL,
    CONSTRAINT session_is_warned_once PRIMARY KEY (failure_id, session)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER failure_warning_is_within_budget BEFORE INSERT ON failure_warning
WHEN NEW.tokens > coalesce((SELECT max_tokens FROM injection_budget WHERE event = 'PreToolUse'), 0)
BEGIN
    SELECT RAISE (ABORT, 'failure_warning_is_within_budget');
END;
CREATE TRIGGER failure_warning_stays_within_budget BEFORE UPDATE ON failure_warning
WHEN NEW.tokens > coalesce((SELECT max_tokens FROM injection_budget WHERE event = 'PreToolUse'), 0)
BEGIN
    SELECT RAISE (ABORT, 'failure_warning_is_within_budget');
END;
