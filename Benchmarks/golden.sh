#!/usr/bin/env bash
# Compares what the command extracts from each case of Fixtures/transcripts with its expected.jsonl.
#
#   golden.sh [--record] CCMEM
#
# and the first screen of README.md with what the command prints.
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
    (cd "$case" && "$ccmem" extract --dry-run "${files[@]}" --format jsonl) >"$scratch/$case" || status=$?
    if ((status > 1)); then
        printf 'error: %s: `ccmem extract --dry-run` left with %d\n' "$case" "$status" >&2
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

# The README's example: from the line of the command to the end of the block.
cd ../..
shown=Fixtures/transcripts/tour/session.jsonl
"$ccmem" extract --dry-run "$shown" --jobs 1 >"$scratch/screen"
awk -v command="\$ ccmem extract --dry-run $shown" -v screen="$scratch/screen" '
    /^```$/ { inside = 0 }
    !inside { print }
    $0 == command { inside = 1; while ((getline line < screen) > 0) print line }
' README.md >"$scratch/readme"
if ! cmp -s "$scratch/readme" README.md; then
    changed+=(README.md)
    if [[ -n $record ]]; then
        cp "$scratch/readme" README.md
    else
        diff -u README.md "$scratch/readme" | head -n 40 >&2 || true
    fi
fi

if ((${#changed[@]} == 0)); then
    printf 'golden: %d cases and the README as recorded\n' "$count"
elif [[ -n $record ]]; then
    printf 'error: recorded anew: %s. Look at the difference (`git diff`), commit it, run again.\n' "${changed[*]}" >&2
    exit 1
else
    printf 'error: not as recorded: %s. If that is meant, `make golden` records it.\n' "${changed[*]}" >&2
    exit 1
fi
