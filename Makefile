# `make run` serves Gosset from this checkout, `make test` proves it, `make bench` measures it against its peers.

SHELL := /bin/bash
build := .build/release
assets := $(wildcard Sources/CAssets/files/* Sources/CAssets/vendor/*)

.PHONY: run build test bench format clean

run: build
	@exec $(build)/gosset serve

# The program, for release, with Swift's own libraries inside: one file to deploy.
build: Sources/CAssets/assets.S
	@scripts/bootstrap
	@swift build -c release --product gosset --static-swift-stdlib -q

test: Sources/CAssets/assets.S
	@scripts/test

bench: build
	@scripts/bootstrap bench
	@Benchmarks/run

format:
	@swift format --in-place --recursive Sources Tests Package.swift

clean:
	rm -rf .build artifacts

# The assembler's `.incbin` is no dependency that the build knows of.
Sources/CAssets/assets.S: $(assets)
	@touch $@
