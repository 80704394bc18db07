# What can be done here: `make help`. Works with GNU make 3.81 and later; needs Swift 6.3.

SWIFT      ?= swift
SCRATCH    ?= .build
PREFIX     ?= /usr/local
TRANSCRIPT ?= Fixtures/transcripts/ci-debugging/session.jsonl
SECONDS    ?= 3600
KILLS      ?= 10000
PYTHON     ?= python3

SYSTEM  := $(shell uname -s)
CCMEM   := $(SCRATCH)/release/ccmem
SOURCES := Package.swift Sources Tests Benchmarks
# What `make install` copies; only what was really built.
BINARIES := ccmem ccmem-hook ccmem-llm

# One file that needs nothing of the machine it runs on: Linux can link the C library too, macOS only Swift's.
# The map lets Benchmarks/linkage.sh look at what was linked.
ifeq ($(SYSTEM),Linux)
LINKING ?= -Xswiftc -static-executable -Xlinker -s -Xlinker --gc-sections
MAP      = -Xlinker -Map=$(SCRATCH)/$(1).map
else
LINKING ?= --static-swift-stdlib -Xlinker -dead_strip
endif
# libcurl is that of the machine: distributions have none that a program could hold, and its certificates are the machine's, too.
LINKING_LLM ?= --static-swift-stdlib $(if $(filter Linux,$(SYSTEM)),-Xlinker -s -Xlinker --gc-sections,-Xlinker -dead_strip)

# Options of `make bench`; none is needed.
BENCH_OPTIONS = $(if $(CORPUS),--corpus $(CORPUS)) $(if $(GOLD),--gold $(GOLD)) $(if $(DISTRACTORS),--distractors $(DISTRACTORS)) \
	$(if $(SCORER),--scorer $(SCORER)) $(if $(SIZE),--size $(SIZE)) $(if $(RUNS),--runs $(RUNS)) \
	$(if $(ONLY),--only $(ONLY))

.PHONY: help run test release packages swift-version install uninstall bench bench-store soak fuzz golden format lint man linkage clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: release ## install what is missing, build a release, read a real transcript (TRANSCRIPT=FILE)
	@$(CCMEM) extract --dry-run $(TRANSCRIPT)

test: packages ## install what is missing, build and run all tests (TESTARGS='--filter NAME')
	$(SWIFT) test --scratch-path $(SCRATCH) $(TESTARGS)

release: packages ## build the release of the command, its hook, and the verbs with a language model
	$(SWIFT) build -c release --scratch-path $(SCRATCH) --product ccmem $(LINKING) $(call MAP,ccmem)
	$(SWIFT) build -c release --scratch-path $(SCRATCH) --product ccmem-hook $(LINKING) $(call MAP,ccmem-hook)
# Built with other options, so beside the others: in one folder each build would throw away what the last one compiled.
	$(SWIFT) build -c release --scratch-path $(SCRATCH)/llm --product ccmem-llm $(LINKING_LLM) $(call MAP,ccmem-llm)
	@cp -f $(SCRATCH)/llm/release/ccmem-llm $(SCRATCH)/release/ccmem-llm

packages: swift-version ## install the system packages that are missing
	@sh scripts/install-packages

swift-version:
	@SWIFT='$(SWIFT)' sh scripts/check-swift

# Under sudo there is often no Swift on the PATH, and what it builds would belong to root: then what is there is copied.
install: ## copy the command, its manual and completions to PREFIX (/usr/local)
	@if [ -z "$${SUDO_UID-}" ] || [ ! -x $(CCMEM) ]; then $(MAKE) release; fi
	@PREFIX='$(DESTDIR)$(PREFIX)' FROM='$(SCRATCH)/release' sh scripts/install $(BINARIES)

uninstall: ## remove what `make install` copied
	@PREFIX='$(DESTDIR)$(PREFIX)' sh scripts/install --remove $(BINARIES)

bench: release bench-store ## print all figures, as ratios (CORPUS= GOLD= DISTRACTORS= SCORER= SIZE=MB RUNS= ONLY=store)
	@$(if $(GOLD),$(SWIFT) build -c release --scratch-path $(SCRATCH) --product ccmem-features $(LINKING))
	@$(PYTHON) Benchmarks/bench.py --ccmem $(CCMEM) $(BENCH_OPTIONS)

# Makes the stores that are measured.
bench-store: packages
	@$(SWIFT) build -c release --scratch-path $(SCRATCH) --product ccmem-bench-store $(LINKING)

linkage: release ## check that the release is static and calls no network function
	@bash Benchmarks/linkage.sh $(SCRATCH)

fuzz: packages ## throw broken input at each reader (SECONDS=3600 in all)
	@SWIFT='$(SWIFT)' SCRATCH='$(SCRATCH)' LINKING='$(LINKING)' bash Benchmarks/fuzz.sh $(SECONDS)

# Hours, so no part of `make test` or of .ci/run.
soak: release ## kill ingest at random instants, then fuzz the readers (KILLS=10000 SECONDS=3600)
	CCMEM_KILLS=$(KILLS) CCMEM_PROGRAMS=$(dir $(abspath $(CCMEM))) $(SWIFT) test --scratch-path $(SCRATCH) --filter KillTests
	@$(MAKE) fuzz

golden: release ## record Fixtures/transcripts/*/expected.jsonl again; fails when one changed
	@bash Benchmarks/golden.sh --record $(CCMEM)

format: ## lay out the Swift code
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint: ## check the layout of the Swift code
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

man: release ## write docs/man and the pages on rules from what the command says of itself
	@$(PYTHON) scripts/manual.py $(CCMEM) docs/man
	@$(PYTHON) scripts/rule-pages.py $(CCMEM) docs
	@ls docs/man/*.1

clean: ## remove all that was built
	rm -rf $(SCRATCH)
