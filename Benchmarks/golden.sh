#!/usr/bin/env bash
# Compares what the command extracts from each case of Fixtures/transcripts with its expected.jsonl.
#
#   golden.sh [--record] CCMEM
#
# --record writes what is new and fails when anything was: a recording must be looked at and committed, never pass.
set -euo pipefail
export LC_ALL=C
record=
if [[ ${1-} == --record ]]; then
    record=yes
    shift
fi
ccmem=$(cd "$(dirname "${1:?the command}")" && pwd)/${1##*/}
cd "$(dirname "$0")/../Fixtures/transcripts"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

changed=()
count=0
for case in */; do
    case=${case%/}
    files=()
    while IFS= read -r file; do files+=("$file"); done \
        < <(cd "$case" && find . -name '*.jsonl' ! -name expected.jsonl | sed 's|^\./||' | sort)
    status=0
    (cd "$case" && "$ccmem" extract "${files[@]}" --format jsonl) >"$scratch/$case" || status=$?
    if ((status > 1)); then
        printf 'error: %s: `ccmem extract` left with %d\n' "$case" "$status" >&2
        exit 1
    fi
    count=$((count + 1))
    cmp -s "$scratch/$case" "$case/expected.jsonl" && continue
    changed+=("$case")
    if [[ -n $record ]]; then
        cp "$scratch/$case" "$case/expected.jsonl"
    else
        diff -u "$case/expected.jsonl" "$scratch/$case" | cut -c1-300 | head -n 40 >&2 || true
    fi
done

if ((${#changed[@]} == 0)); then
    printf 'golden: %d cases as recorded\n' "$count"
elif [[ -n $record ]]; then
    printf 'error: recorded anew: %s. Look at the difference (`git diff Fixtures`), commit it, run again.\n' "${changed[*]}" >&2
    exit 1
else
    printf 'error: not as recorded: %s. If that is meant, `make golden` records it.\n' "${changed[*]}" >&2
    exit 1
fi
