#!/usr/bin/env bash
# Checks that the release of ccmem stands alone and calls no network function:
#   it is static; only the archives below are in it, neither Foundation nor ICU; no object of the project, nor of the libraries it
#   calls, names a function of the network; a traced run makes no call of the network; a run without network gives the same bytes.
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

# 1. One file, no loader.
if [[ -n $(readelf --program-headers "$binary" | grep -w INTERP || true) ]]; then
    fail "$binary needs a dynamic loader"
else
    printf 'linkage: static, %s bytes\n' "$(wc -c <"$binary")"
fi

# 2. What was linked. FoundationEssentials comes with swift-argument-parser (its errors and its JSON of the help); no module
#    of ccmem imports it.
allowed='libc|libm-[0-9.]+|libm|libmvec|libgcc|libgcc_eh|libstdc\+\+|libpthread|libdl|librt|libutil'
allowed+='|libswiftCore|libswiftGlibc|libswiftSynchronization|libswiftDispatch|libswift_Builtin_float|libswift_Concurrency'
allowed+='|libswift_StringProcessing|libswift_RegexParser|libswiftSwiftOnoneSupport|libdispatch|libBlocksRuntime'
allowed+='|libFoundationEssentials|lib_FoundationCollections|lib_FoundationCShims'
allowed+='|libpcre2-8|libyaml'
archives=$(grep -oE '[A-Za-z0-9_+.-]+\.a(\(|:|$)' "$map" | sed 's/\.a.*//' | sort -u)
unknown=$(grep -vxE "$allowed" <<<"$archives" || true)
[[ -z $unknown ]] || fail "unexpected libraries in $map: $(tr '\n' ' ' <<<"$unknown")"
imports=$(grep -rnE '^ *(@[a-z_]+ +)?((public|package|internal|private) +)?import +Foundation' Sources || true)
[[ -z $imports ]] || fail "Foundation is imported: $imports"
printf 'linkage: no Foundation, no ICU%s\n' \
    "$(grep -q FoundationEssentials <<<"$archives" && echo ' (FoundationEssentials, of swift-argument-parser, is in it)')"

# 3. No code that we build or call names a function of the network.
network='socket|socketpair|connect|bind|listen|accept4?|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg'
network+='|getaddrinfo|getnameinfo|gethostby.*|getservby.*|res_.*|ns_.*|dlopen|syslog|openlog'
libraries=$(grep -oE '/[^ ()]*/(libpcre2-8|libyaml|libFoundationEssentials)\.a' "$map" | sort -u)
objects=$(find "$scratch/release/" -path '*.build/*' -name '*.o' | grep -vE 'Tests|fuzz|bench|-tool|generate_|features|TestSupport')
named=$(nm --undefined-only --print-file-name $objects $libraries 2>/dev/null | grep -E " U ($network)(@.*)?\$" || true)
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

# 4. A run calls none.
scratchpad=$(mktemp -d)
trap 'rm -rf "$scratchpad"' EXIT
transcript=Fixtures/transcripts/ci-debugging/session.jsonl
plain() { "$binary" extract --dry-run "$transcript" --format jsonl --jobs 2; }
plain >"$scratchpad/plain" || fail "\`ccmem extract --dry-run $transcript\` left with $?"
if command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null; then
    strace -f -e trace=%network -o "$scratchpad/calls" "$binary" extract --dry-run "$transcript" >/dev/null || true
    calls=$(grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$scratchpad/calls" || true)
    [[ $calls == 0 ]] && printf 'linkage: traced run: no call of the network\n' || fail "traced run: $(head -n 3 "$scratchpad/calls")"
else
    printf 'linkage: strace is not there or not allowed: no traced run\n'
fi
if unshare --net --map-root-user true 2>/dev/null; then
    unshare --net --map-root-user "$binary" extract --dry-run "$transcript" --format jsonl --jobs 2 >"$scratchpad/alone" || true
    cmp -s "$scratchpad/plain" "$scratchpad/alone" && printf 'linkage: a run without network gives the same bytes\n' \
        || fail 'a run without network differs'
else
    printf 'linkage: no right to take the network away: not tried\n'
fi
exit $((failures > 0))
