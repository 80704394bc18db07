#!/usr/bin/env bash
# Makes a small store with rows in every table, for Fixtures/stores: one of each shipped schema, made once and kept.
#
#   store-fixture.sh CCMEM FILE.sqlite
set -euo pipefail
ccmem=$(cd "$(dirname "${1:?the command}")" && pwd)/${1##*/}
target=$(cd "$(dirname "${2:?the file}")" && pwd)/${2##*/}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home XDG_DATA_HOME=$folder/data
mkdir -p "$HOME" "$folder/project/.ccmem"
cd "$folder/project"

entry() {
    printf '{"type":"%s","uuid":"u%s","sessionId":"%s","cwd":"/work/gateway","gitBranch":"main","isSidechain":false,' "$1" "$2" "$3"
    printf '"timestamp":"2026-01-01T00:00:%02d.000Z","message":{"role":"%s","content":"%s"}}\n' "$2" "$1" "$4"
}
{
    entry user 1 first 'NEVER push to main without a review. Always run the linter of the gateway before you commit.'
    entry assistant 2 first 'Understood. The root cause of the crash was a missing null check in `parseHeader` of the gateway.'
    entry user 3 first 'We decided to use PostgreSQL instead of MySQL because we need JSON indexes.'
    entry assistant 4 first 'Done. The p95 latency dropped from 480 ms to 120 ms after the change.'
} >one.jsonl
entry user 5 second 'Always run the linter of the gateway before you commit. NEVER deploy the gateway on Friday.' >two.jsonl
"$ccmem" ingest one.jsonl two.jsonl
"$ccmem" add config '端口 8080,超时为三十秒' --key port --tag gateway
"$ccmem" add config '端口 8081,超时为六十秒' --key port --tag gateway
"$ccmem" add note 'The client is Quuxcorp'
"$ccmem" forget --match Quuxcorp
"$ccmem" link 2 1 --as related_to
"$ccmem" archive 3
"$ccmem" edit 1 --importance 3
db=$("$ccmem" projects --json | sed 's/.*"store":"\([^"]*\)".*/\1/')
sqlite3 "$db" "
    UPDATE project SET root = '/work/gateway', created_at = '2026-01-01T00:00:00.000Z';
    INSERT INTO injection VALUES (1, 1, 'SessionStart', 'second', 1, 200, '2026-01-01T00:00:05.000Z');
    INSERT INTO memory_withheld VALUES (2);
    INSERT INTO answer VALUES ('second', 'SessionStart', 'startup', 1767225605000, 1, 2);
    INSERT OR REPLACE INTO handoff_item VALUES (1, 'file', 0, 'Sources/gateway.swift');
    INSERT INTO failure (id, program, signature, line, words, file, file_name, state, count, first_at, last_at) VALUES
        (1, 'npm test', 'Error: boom', 'src/api.js:3: Error: boom', '[\"test\"]', 'src/api.js', 'api.js', 'resolved', 2,
            '2026-01-01T00:00:01.000Z', '2026-01-01T00:00:03.000Z');
    INSERT INTO tool_call (identity, session, at, kind, program, failure_id) VALUES
        ('toolu_1', 'first', '2026-01-01T00:00:01.000Z', 'failed', 'npm test', 1);
    INSERT INTO attempt VALUES (1, 1, 'first', '2026-01-01T00:00:04.000Z', 'mended',
        '[{\"file\":\"src/api.js\",\"before\":\"a()\",\"after\":\"b()\"}]');
    INSERT INTO failure_warning VALUES (1, 'second', 2, 40, '2026-01-01T00:00:05.000Z');
    INSERT INTO llm_call (at, session, model, tokens_in, tokens_out, cost, outcome, purpose, prompt, ended_at) VALUES
        ('2026-01-01T00:00:06.000Z', 'second', 'a-model', 100, 20, 200, 'done', 'refine', 'refine-v1',
            '2026-01-01T00:00:07.000Z');
    INSERT INTO llm_sent VALUES (1, 'second', 5, 5);
    INSERT INTO refinement VALUES (5, 'rewritten', 'a-model', 'refine-v1', 'NEVER deploy the gateway on Friday.', 'second',
        2, 1, 1, NULL, '2026-01-01T00:00:07.000Z');
    INSERT INTO refinement_original VALUES (5, 4);
    INSERT INTO tidy_proposal (kind, reason, identity, made_at) VALUES
        ('duplicate', 'It says what #1 says.', 'out #2 #1', '2026-01-01T00:00:08.000Z');
    INSERT INTO tidy_subject VALUES (1, 2, 'goes'), (1, 1, 'stays');
    INSERT INTO memory_vector VALUES (1, 'a-model', 2, x'0000803f00000000');
    INSERT INTO turn_vector VALUES (1, 'a-model', 2, x'000000000000803f');"
# The places of this run are nobody's business.
sqlite3 "$db" "UPDATE transcript SET path = '/work/transcripts/' || replace(path, rtrim(path, replace(path, '/', '')), '');
    PRAGMA wal_checkpoint (TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;"
cp "$db" "$target"
