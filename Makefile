# Each target works alone in a fresh clone; a second run repeats nothing that is done already.

TOOLSET = --toolset .build-config/libtorch.json

.PHONY: help setup build test lint demo parity compare bench networks clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## find libtorch, or install it into .venv, and write the toolset file
	@Scripts/setup

build: setup ## build the nfn command and the library that it loads to compute, optimised, in .build/release
	swift build -c release --product nfn $(TOOLSET)
	swift build -c release --product TorchBridge $(TOOLSET)

test: setup lint ## run every check and every test; NFN_DATA names a folder with mnist/ and cifar10/
	@Scripts/test-setup
	swift test $(TOOLSET) --disable-xctest

lint: ## check formatting, the length of files and the direction of imports
	@Scripts/lint

demo: build ## fit, train, edit and certify on real handwritten digits; writes out/demo/report.html
	digits=$$(Scripts/digits) && .build/release/nfn demo --images "$$digits" --out out/demo

parity: setup ## compare with the reference implementation, in an environment of its own
	Scripts/parity

compare: build ## train ours, a flat perceptron and the reference on the same networks; takes an hour
	Scripts/compare

bench: setup ## measure speed and memory beside the reference, on a quiet machine; takes an hour, wants NFN_DATA
	Scripts/bench

networks: ## write test networks in every format, with random weights, into out/networks
	Scripts/networks

clean: ## remove what was built and written, but not the set-up
	rm -rf .build .build-bench out
