-- What recall needs: the line of time without a look at all rows, and vectors for those who have them computed.

CREATE INDEX memory_by_time ON memory (said_at, id);
CREATE INDEX turn_by_time ON turn (said_at, line);
CREATE INDEX session_by_end ON session (ended_at);

-- What a text means, as a model of embeddings sees it: one vector of unit length, little-endian floats of 32 bits. Texts never
-- change, so a vector is out of date only when another model is asked for; then it is replaced.
CREATE TABLE memory_vector (
    memory_id INTEGER PRIMARY KEY REFERENCES memory (id),
    model     TEXT NOT NULL CHECK (model <> ''),
    dimension INTEGER NOT NULL CHECK (dimension BETWEEN 1 AND 16384),
    vector    BLOB NOT NULL,
    CONSTRAINT vector_has_its_dimension CHECK (length(vector) = 4 * dimension)
) STRICT;
CREATE TABLE turn_vector (
    turn_id   INTEGER PRIMARY KEY REFERENCES turn (id),
    model     TEXT NOT NULL CHECK (model <> ''),
    dimension INTEGER NOT NULL CHECK (dimension BETWEEN 1 AND 16384),
    vector    BLOB NOT NULL,
    CONSTRAINT vector_has_its_dimension CHECK (length(vector) = 4 * dimension)
) STRICT;

-- A vector tells much of its text: it goes with it, from whatever hand.
CREATE TRIGGER memory_leaves_its_vector AFTER DELETE ON memory
BEGIN
    DELETE FROM memory_vector WHERE memory_id = OLD.id;
END;
CREATE TRIGGER turn_leaves_its_vector BEFORE DELETE ON turn
BEGIN
    DELETE FROM turn_vector WHERE turn_id = OLD.id;
END;
