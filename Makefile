# `make run` serves Gosset from this checkout, `make demo` shows it at work, `make test` proves it, `make bench` measures it against its peers,
# `make calibrate` holds its statistics to their word.

SHELL := /bin/bash
# Beside the tests' .build, because the program is linked otherwise and neither should have to be built again for the other.
scratch := .build-program
program := $(scratch)/release/gosset
assets := $(wildcard Sources/CAssets/files/* Sources/CAssets/vendor/* .drivers/vega/* Documentation/*.md Documentation/diagrams/*.svg)

.PHONY: run demo build test bench calibrate format clean

run: build
	@exec $(program) serve

# A whole experiment with invented visitors, from the first device to the verdict: two minutes.
demo: build
	@exec $(program) demo

# The program, for release, with Swift's own libraries inside: one file to deploy.
build: Sources/CAssets/assets.S
	@scripts/bootstrap
	@[ -x $(program) ] || echo "building Gosset; the first time takes a few minutes"
	@swift build -c release --product gosset --static-swift-stdlib --scratch-path $(scratch) -q 2>&1 \
	    | { grep -v -e 'mktemp' -e '^\[' || true; }; exit $${PIPESTATUS[0]}

test: Sources/CAssets/assets.S
	@scripts/test

bench: build
	@scripts/bootstrap bench
	@swift build -c release --product StatisticsBenchmark --static-swift-stdlib --scratch-path $(scratch) -q 2>&1 \
	    | { grep -v -e 'mktemp' -e '^\[' || true; }; exit $${PIPESTATUS[0]}
	@Benchmarks/run --program $(program)

# Simulates what the statistics promise, 10,000 times each, and writes Documentation/calibration.md.
calibrate: Sources/CAssets/assets.S
	@scripts/bootstrap
	@swift build -c release --product calibrate --scratch-path $(scratch) -q
	@$(scratch)/release/calibrate --output Documentation/calibration.md

format:
	@swift format --in-place --recursive Sources Tests Package.swift

clean:
	rm -rf .build $(scratch) artifacts

# The assembler's `.incbin` is no dependency that the build knows of.
Sources/CAssets/assets.S: $(assets)
	@touch $@
