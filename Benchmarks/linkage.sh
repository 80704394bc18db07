#!/usr/bin/env bash
# Checks that the release of ccmem and ccmem-hook stands alone and calls no network function:
#   it is static; only the archives below are in it, neither Foundation nor ICU; no object of the project, nor of the libraries it
#   calls, names a function of the network; traced runs of the verbs that read, store, search, forget and audit, and of each hook with
#   each payload, make no call of the network; the same runs without network give the same bytes, and each hook leaves with 0, says
#   nothing on standard error, and answers one object or nothing. ccmem-llm alone is linked with libcurl.
#
#   linkage.sh [SCRATCH]      SCRATCH: the build folder of `make release`, .build by default
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
scratch=${1:-.build}
binary=$scratch/release/ccmem
map=$scratch/ccmem.map
if [[ $(uname -s) != Linux ]]; then
    printf 'linkage: only Linux links the whole program statically; nothing to check here\n'
    exit 0
fi
failures=0
fail() {
    printf 'error: linkage: %s\n' "$*" >&2
    failures=$((failures + 1))
}

hook=$scratch/release/ccmem-hook

# 1. One file, no loader.
for file in "$binary" "$hook"; do
    if [[ -n $(readelf --program-headers "$file" | grep -w INTERP || true) ]]; then
        fail "$file needs a dynamic loader"
    else
        printf 'linkage: %s is static, %s bytes\n' "${file##*/}" "$(wc -c <"$file")"
    fi
done
(($(wc -c <"$hook") <= 12000000)) || fail "$hook is larger than 12 MB"

# 2. What was linked. FoundationEssentials comes with swift-argument-parser (its errors and its JSON of the help); no module
#    of ccmem imports it.
allowed='libc|libm-[0-9.]+|libm|libmvec|libgcc|libgcc_eh|libstdc\+\+|libpthread|libdl|librt|libutil'
allowed+='|libswiftCore|libswiftGlibc|libswiftSynchronization|libswiftDispatch|libswift_Builtin_float|libswift_Concurrency'
allowed+='|libswift_StringProcessing|libswift_RegexParser|libswiftSwiftOnoneSupport|libdispatch|libBlocksRuntime'
allowed+='|libFoundationEssentials|lib_FoundationCollections|lib_FoundationCShims'
allowed+='|libpcre2-8|libyaml|libsqlite3'
archives=$(grep -oE '[A-Za-z0-9_+.-]+\.a(\(|:|$)' "$map" | sed 's/\.a.*//' | sort -u)
unknown=$(grep -vxE "$allowed" <<<"$archives" || true)
[[ -z $unknown ]] || fail "unexpected libraries in $map: $(tr '\n' ' ' <<<"$unknown")"
imports=$(grep -rnE '^ *(@[a-z_]+ +)?((public|package|internal|private) +)?import +Foundation' Sources || true)
[[ -z $imports ]] || fail "Foundation is imported: $imports"
in_hook=$(grep -oE '[A-Za-z0-9_+.-]+\.a(\(|:|$)' "$scratch/ccmem-hook.map" | sed 's/\.a.*//' | sort -u)
unknown=$(grep -vxE "$allowed" <<<"$in_hook" || true)
[[ -z $unknown ]] || fail "unexpected libraries in ccmem-hook: $(tr '\n' ' ' <<<"$unknown")"
! grep -qE 'Foundation|libyaml|libpcre2|RegexParser' <<<"$in_hook" ||
    fail 'ccmem-hook holds what it has no use for: Foundation, libyaml, libpcre2, or the engine of regular expressions (a text asked for by `contains` in place of `holds`)'
printf 'linkage: no Foundation, no ICU%s\n' \
    "$(grep -q FoundationEssentials <<<"$archives" && echo ' (FoundationEssentials, of swift-argument-parser, is in it)')"

# 3. No code that we build or call names a function of the network.
network='socket|socketpair|connect|bind|listen|accept4?|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg'
network+='|getaddrinfo|getnameinfo|gethostby.*|getservby.*|res_.*|ns_.*|dlopen|syslog|openlog'
libraries=$(grep -oE '/[^ ()]*/(libpcre2-8|libyaml|libsqlite3|libFoundationEssentials)\.a' "$map" | sort -u)
objects=$(find "$scratch/release/" -path '*.build/*' -name '*.o' | grep -vE 'Tests|fuzz|bench|-tool|generate_|features|TestSupport|ccmem_llm|/HTTP\.build|CTransfer|ModelProviders')
# SQLite can load extensions by dlopen; it does so only for programs that switch that on, and this one never does.
named=$(nm --undefined-only --print-file-name $objects $libraries 2>/dev/null | grep -E " U ($network)(@.*)?\$" \
    | grep -vE 'libsqlite3\.a:.* U dlopen$' || true)
switched=$(grep -rnE 'enable_load_extension|ENABLE_LOAD_EXTENSION' Sources || true)
[[ -z $switched ]] || fail "extensions of SQLite are switched on: $switched"
[[ -z $named ]] || fail "these name a function of the network:"$'\n'"$named"
printf 'linkage: %s objects and %s libraries name no function of the network\n' \
    "$(wc -w <<<"$objects")" "$(wc -w <<<"$libraries")"

#    The C library's own code may hold some all the same: which, and what brought them.
present=$(grep -oE "^ +0x[0-9a-f]+ +(socket|connect|sendto|recvfrom|getaddrinfo|dlopen)\$" "$map" | awk '{ print $2 }' | sort -u | tr '\n' ' ')
if [[ -n $present ]]; then
    reason=$(sed '/^Discarded input sections/q; /^Memory Configuration/q' "$map" | awk '/libc\.a\((getpw|getgr|syslog)[a-z_]*\.o\)$/ { getline; if ($0 !~ /libc\.a/) print }' \
        | sed -E 's/.*\/([^/]+\.a)\(.*\((.*)\)$/\1 (\2)/' | sort -u | tr '\n' ' ')
    printf 'linkage: within the C library and never called: %s%s\n' "$present" "${reason:+; asked for by $reason}"
fi

#    libcurl is in no program but ccmem-llm, which has it from the machine.
llm=$scratch/release/ccmem-llm
! grep -qi 'libcurl' "$map" "$scratch/ccmem-hook.map" || fail 'libcurl is in ccmem or ccmem-hook'
calling=$(nm --undefined-only --print-file-name $objects 2>/dev/null | grep -E ' U (curl|transfer)_' || true)
[[ -z $calling ]] || fail "these call libcurl:"$'\n'"$calling"
needed=$(readelf --dynamic "$llm" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort | tr '\n' ' ')
grep -q 'libcurl' <<<"$needed" || fail "ccmem-llm is not linked with libcurl: $needed"
! grep -qE 'libswift|Foundation' <<<"$needed" || fail "ccmem-llm needs Swift's libraries of the machine: $needed"
printf 'linkage: only ccmem-llm is linked with libcurl; it needs %s\n' "$needed"

# 4. Runs call none. Both journeys work in folders of the same names, so that their output can be compared.
scratchpad=$(mktemp -d)
trap 'rm -rf "$scratchpad"' EXIT
ccmem=$PWD/$binary
[[ $binary != /* ]] || ccmem=$binary
hook_path=${ccmem%/*}/ccmem-hook
transcript=$PWD/Fixtures/transcripts/ci-debugging/session.jsonl
tour=$PWD/Fixtures/transcripts/tour/session.jsonl

# journey NAME COMMAND…: runs the verbs in a new project, each behind the command, and keeps what they print in NAME.
journey() {
    local name=$1 status
    shift
    rm -rf "$scratchpad/home" "$scratchpad/project"
    mkdir -p "$scratchpad/home" "$scratchpad/project"
    : >"$scratchpad/$name"
    verb() {
        status=0
        (cd "$scratchpad/project" && env -i HOME="$scratchpad/home" PATH="$PATH" "${prefix[@]}" "$ccmem" "$@") \
            >>"$scratchpad/$name" 2>&1 </dev/null || status=$?
        ((status == 0)) || fail "$name: \`ccmem $1\` left with $status: $(tail -n 1 "$scratchpad/$name")"
    }
    local prefix=("$@")
    verb extract --dry-run "$transcript" --format jsonl --jobs 2
    verb init
    verb ingest "$tour"
    verb list
    verb search importer
    verb add constraint Never force-push to main
    verb why 1
    verb why-not "$tour:12"
    verb sql 'SELECT content FROM memory ORDER BY id'
    verb forget 1
    verb undo
    verb audit
    verb repair
    verb gc
    # The only time of day in all this.
    sed -i -E 's/^(Run [0-9]+ \(command), .*\) is/\1) is/' "$scratchpad/$name"
}

# hooks NAME COMMAND…: gives each hook each payload of Fixtures/hooks, each behind the command, in the project of the journey before.
hooks() {
    local name=$1 count=0 payload event status output
    shift
    for payload in "$PWD"/Fixtures/hooks/*.json; do
        event=${payload##*/}
        event=${event%%.*}
        status=0
        output=$(cd "$scratchpad/project" && env -i HOME="$scratchpad/home" PATH="$PATH" CLAUDE_PROJECT_DIR="$scratchpad/project" \
            CCMEM_HOOK_PATIENCE=20 "$@" "$hook_path" "$event" <"$payload" 2>"$scratchpad/errors") || status=$?
        ((status == 0)) || fail "$name: \`ccmem-hook $event\` left with $status for ${payload##*/}"
        [[ ! -s $scratchpad/errors ]] || fail "$name: \`ccmem-hook $event\` wrote to standard error: $(head -n 1 "$scratchpad/errors")"
        [[ -z $output ]] || "$python" -c 'import json, sys; assert isinstance(json.loads(sys.argv[1]), dict)' "$output" 2>/dev/null \
            || fail "$name: \`ccmem-hook $event\` answered no object to ${payload##*/}: $output"
        count=$((count + 1))
    done
    printf 'linkage: %s hook calls, %s: status 0, nothing on standard error, one object or nothing\n' "$count" "$name"
}
python=${PYTHON:-python3}

journey plain
if command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null; then
    journey traced strace -f -A -e trace=%network -o "$scratchpad/calls"
    hooks traced strace -q -f -A -e trace=%network -o "$scratchpad/calls"
    calls=$(grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$scratchpad/calls" || true)
    [[ $calls == 0 ]] && printf 'linkage: traced runs of 14 verbs and of each hook: no call of the network\n' \
        || fail "traced run: $(grep -E '^[0-9]+ +[a-z0-9_]+\(' "$scratchpad/calls" | head -n 3)"
    [[ -s $scratchpad/calls ]] || fail 'the traced runs left no trace'
else
    printf 'linkage: strace is not there or not allowed: no traced run\n'
fi
if unshare --net --map-root-user true 2>/dev/null; then
    journey alone unshare --net --map-root-user
    hooks 'without network' unshare --net --map-root-user
    # The minute in which something was stored may be another one.
    sed -i -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}  (stored|read)/TIME  \1/' "$scratchpad/plain" "$scratchpad/alone"
    cmp -s "$scratchpad/plain" "$scratchpad/alone" && printf 'linkage: the same runs without network give the same bytes\n' \
        || fail "runs without network differ: $(diff "$scratchpad/plain" "$scratchpad/alone" | head -n 3)"
else
    printf 'linkage: no right to take the network away: not tried\n'
fi
exit $((failures > 0))
