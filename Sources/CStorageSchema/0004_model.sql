-- What the enriched mode needs: a ledger that can't be overspent, what was sent, where a refinement comes from, and what is
-- proposed for tidying.

-- The ledger ----------------------------------------------------------------------------------------------------------

-- A call is entered before it is made, as `reserved`, with the most that it can take; it is settled once, with what it took.
-- What never came back stays reserved, and counts as spent.
ALTER TABLE llm_call ADD COLUMN tokens_written INTEGER NOT NULL DEFAULT 0 CHECK (tokens_written >= 0);
-- What a call took beyond what was left of a budget when it was settled.
ALTER TABLE llm_call ADD COLUMN tokens_over INTEGER NOT NULL DEFAULT 0 CHECK (tokens_over >= 0);
ALTER TABLE llm_call ADD COLUMN purpose TEXT NOT NULL DEFAULT 'refine' CHECK (purpose <> '');
-- Name and version of the instructions: `refine-v1`.
ALTER TABLE llm_call ADD COLUMN prompt TEXT NOT NULL DEFAULT '';
ALTER TABLE llm_call ADD COLUMN ended_at TEXT;
-- What went wrong, in a few words.
ALTER TABLE llm_call ADD COLUMN detail TEXT NOT NULL DEFAULT '';

DROP TRIGGER llm_call_is_within_budget;
DROP TRIGGER llm_call_stays_within_budget;

CREATE TRIGGER llm_call_is_within_budget BEFORE INSERT ON llm_call
BEGIN
    SELECT RAISE (ABORT, 'llm_call_is_entered_once') WHERE EXISTS (SELECT 1 FROM llm_call WHERE id = NEW.id);
    SELECT RAISE (ABORT, 'llm_call_is_within_budget') WHERE
        NEW.tokens_in + NEW.tokens_out + NEW.tokens_cached + NEW.tokens_written > min(
            coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'day'), 0) - coalesce((
                SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
                WHERE substr(at, 1, 10) = substr(NEW.at, 1, 10)), 0),
            coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'session'), 0) - coalesce((
                SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
                WHERE session = NEW.session), 0));
END;
CREATE TRIGGER llm_call_stays_within_budget BEFORE UPDATE ON llm_call
BEGIN
    SELECT RAISE (ABORT, 'llm_call_is_settled_once') WHERE OLD.outcome <> 'reserved' OR NEW.id <> OLD.id
        OR NEW.at <> OLD.at OR NEW.session <> OLD.session OR NEW.model <> OLD.model OR NEW.purpose <> OLD.purpose;
    SELECT RAISE (ABORT, 'llm_call_is_within_budget') WHERE
        NEW.tokens_in + NEW.tokens_out + NEW.tokens_cached + NEW.tokens_written
            > OLD.tokens_in + OLD.tokens_out + OLD.tokens_cached + OLD.tokens_written
        AND NEW.tokens_in + NEW.tokens_out + NEW.tokens_cached + NEW.tokens_written > min(
            coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'day'), 0) - coalesce((
                SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
                WHERE substr(at, 1, 10) = substr(NEW.at, 1, 10) AND id <> NEW.id), 0),
            coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'session'), 0) - coalesce((
                SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
                WHERE session = NEW.session AND id <> NEW.id), 0));
END;
CREATE TRIGGER llm_call_is_never_deleted BEFORE DELETE ON llm_call
BEGIN
    SELECT RAISE (ABORT, 'llm_call_is_never_deleted');
END;

-- How far the turns of each session were sent, and with which call. A call may hold several short sessions.
CREATE TABLE llm_sent (
    call_id    INTEGER NOT NULL REFERENCES llm_call (id),
    session    TEXT NOT NULL CHECK (session <> ''),
    -- Rows of `turn`; what stands before the first was sent earlier.
    first_turn INTEGER NOT NULL,
    last_turn  INTEGER NOT NULL,
    CONSTRAINT turns_are_a_range CHECK (first_turn <= last_turn),
    PRIMARY KEY (call_id, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_by_session ON llm_sent (session, last_turn);

-- A turn is sent once. A call that gave no answer may be made again, three times in all; a call counts in full against the
-- budget of each of its sessions.
CREATE TRIGGER turn_is_sent_once BEFORE INSERT ON llm_sent
BEGIN
    SELECT RAISE (ABORT, 'turn_is_sent_once') WHERE EXISTS (
        SELECT 1 FROM llm_sent AS s JOIN llm_call AS c ON c.id = s.call_id
        WHERE s.session = NEW.session AND s.last_turn >= NEW.first_turn
        AND c.outcome NOT IN ('refused', 'busy', 'rejected', 'unreachable', 'out of time'))
    OR 3 <= (SELECT count(*) FROM llm_sent AS s WHERE s.session = NEW.session AND s.last_turn >= NEW.first_turn);
    SELECT RAISE (ABORT, 'llm_call_is_within_budget') WHERE
        coalesce((SELECT max_tokens FROM llm_budget WHERE scope = 'session'), 0) < (
            SELECT sum(tokens_in + tokens_out + tokens_cached + tokens_written) FROM llm_call
            WHERE id = NEW.call_id OR id IN (SELECT call_id FROM llm_sent WHERE session = NEW.session));
END;
CREATE TRIGGER sent_is_never_changed BEFORE UPDATE ON llm_sent
BEGIN
    SELECT RAISE (ABORT, 'sent_is_never_changed');
END;
CREATE TRIGGER sent_is_never_deleted BEFORE DELETE ON llm_sent
BEGIN
    SELECT RAISE (ABORT, 'sent_is_never_deleted');
END;

-- Where refinements come from -----------------------------------------------------------------------------------------

CREATE TABLE refinement (
    memory_id     INTEGER PRIMARY KEY REFERENCES memory (id),
    kind          TEXT NOT NULL CHECK (kind IN ('rewritten', 'merged', 'new')),
    model         TEXT NOT NULL CHECK (model <> ''),
    prompt        TEXT NOT NULL CHECK (prompt <> ''),
    -- The words that carry it, as they were sent, and where they stand.
    quote         TEXT NOT NULL CONSTRAINT refinement_has_a_quote CHECK (trim(quote) <> ''),
    session       TEXT,
    transcript_id INTEGER REFERENCES transcript (id),
    line          INTEGER,
    call_id       INTEGER REFERENCES llm_call (id),
    ingest_id     INTEGER REFERENCES ingest (id),
    made_at       TEXT NOT NULL
) STRICT;
CREATE INDEX refinement_by_ingest ON refinement (ingest_id);

-- What a refinement stands in the place of; nothing for a new one.
CREATE TABLE refinement_original (
    memory_id   INTEGER NOT NULL REFERENCES refinement (memory_id),
    original_id INTEGER NOT NULL REFERENCES memory (id),
    PRIMARY KEY (memory_id, original_id),
    CONSTRAINT refinement_is_another CHECK (memory_id <> original_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refinement_by_original ON refinement_original (original_id);

CREATE TRIGGER refinement_is_never_changed BEFORE UPDATE ON refinement
BEGIN
    SELECT RAISE (ABORT, 'refinement_is_never_changed');
END;
CREATE TRIGGER refinement_spares_a_persons_words BEFORE INSERT ON refinement_original
WHEN EXISTS (SELECT 1 FROM memory WHERE id = NEW.original_id AND origin IN ('manual', 'topic'))
BEGIN
    SELECT RAISE (ABORT, 'refinement_spares_a_persons_words');
END;
CREATE TRIGGER refinement_original_is_never_changed BEFORE UPDATE ON refinement_original
BEGIN
    SELECT RAISE (ABORT, 'refinement_is_never_changed');
END;

-- What is proposed for tidying ----------------------------------------------------------------------------------------

CREATE TABLE tidy_proposal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('garbage', 'duplicate', 'mergeable', 'obsolete')),
    reason     TEXT NOT NULL,
    -- The words that two memories would become.
    statement  TEXT CONSTRAINT merging_needs_words CHECK ((kind = 'mergeable') = (statement IS NOT NULL)),
    -- Null when no model had a part in it.
    model      TEXT,
    prompt     TEXT,
    call_id    INTEGER REFERENCES llm_call (id),
    -- What is proposed of which memories: an answer that was given counts the next time too.
    identity   TEXT NOT NULL CONSTRAINT proposal_is_made_once UNIQUE,
    state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'declined')),
    made_at    TEXT NOT NULL,
    decided_at TEXT
) STRICT;

CREATE TABLE tidy_subject (
    proposal_id INTEGER NOT NULL REFERENCES tidy_proposal (id),
    memory_id   INTEGER NOT NULL REFERENCES memory (id),
    part        TEXT NOT NULL CHECK (part IN ('goes', 'stays')),
    PRIMARY KEY (proposal_id, memory_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tidy_by_memory ON tidy_subject (memory_id);

CREATE TRIGGER tidy_spares_a_persons_words BEFORE INSERT ON tidy_subject
WHEN NEW.part = 'goes' AND EXISTS (SELECT 1 FROM memory WHERE id = NEW.memory_id AND origin IN ('manual', 'topic'))
BEGIN
    SELECT RAISE (ABORT, 'tidy_spares_a_persons_words');
END;
CREATE TRIGGER tidy_subject_is_never_changed BEFORE UPDATE ON tidy_subject
BEGIN
    SELECT RAISE (ABORT, 'tidy_subject_is_never_changed');
END;

CREATE TRIGGER memory_leaves_its_refinements AFTER DELETE ON memory
BEGIN
    DELETE FROM refinement_original WHERE memory_id = OLD.id OR original_id = OLD.id;
    DELETE FROM refinement WHERE memory_id = OLD.id;
    DELETE FROM tidy_proposal WHERE id IN (SELECT proposal_id FROM tidy_subject WHERE memory_id = OLD.id);
    DELETE FROM tidy_subject WHERE proposal_id NOT IN (SELECT id FROM tidy_proposal);
END;
