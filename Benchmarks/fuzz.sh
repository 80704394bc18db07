#!/usr/bin/env bash
# Builds each fuzz target of the package and runs them one after the other, SECONDS in all. A finding ends the run.
set -euo pipefail
seconds=${1:?seconds}
swift=${SWIFT:-swift}
scratch=${SCRATCH:-.build}
cd "$(dirname "$0")/.."
targets=()
while IFS= read -r name; do targets+=("$name"); done < <(sed -n 's/.*name: "\(ccmem-fuzz-[a-z-]*\)".*/\1/p' Package.swift)
for target in "${targets[@]}"; do
    "$swift" build -c release --scratch-path "$scratch" --product "$target" ${LINKING-}
    printf '%s: %d seconds\n' "$target" $((seconds / ${#targets[@]}))
    "$scratch/release/$target" --seconds $((seconds / ${#targets[@]}))
done
