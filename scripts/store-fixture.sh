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
    INSERT INTO answer VALUES ('second', 'SessionStart', 'startup', 1767225605000, 1);
    INSERT OR REPLACE INTO handoff_item VALUES (1, 'file', 0, 'Sources/gateway.swift');
    INSERT INTO llm_call VALUES (1, '2026-01-01T00:00:06.000Z', 'second', 'a-model', 100, 20, 0, 25, 'done');"
# The places of this run are nobody's business.
sqlite3 "$db" "UPDATE transcript SET path = '/work/transcripts/' || replace(path, rtrim(path, replace(path, '/', '')), '');
    PRAGMA wal_checkpoint (TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;"
cp "$db" "$target"
