# Jangbu's commands. Everything here works on a fresh Debian 12 with nothing but git and make: what is missing is
# installed first (tools/packages.txt lists the packages, web/package.json and tests/package.json the npm ones).

PORT ?= 8080
HOST ?= 127.0.0.1
DATA ?= ./data
# A new sandbox is given a story of orders, bills, clicks and points, unless DEMO=no. It begins so many hours ago, so that
# its last day is today.
DEMO ?= yes
STORY_HOURS := 2004
# The compiler jobs at once: all processors, unless told otherwise.
JOBS ?= $(shell nproc)

BINARY := build/release/jangbu

.DEFAULT_GOAL := help
.PHONY: help run build test deb check format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  make run PORT=9000 DATA=/srv/sandbox   another port, another directory; HOST=0.0.0.0 for others to reach it"
	@echo "  tools/test unit                        one section of the tests: $$(tools/test --list | tr '\n' ' ')"

run: build ## Build, and start a sandbox on http://127.0.0.1:8080 with its data under ./data
	@clock=; \
	if [ "$(DEMO)" != no ] && [ ! -e "$(DATA)/jangbu.db" ]; then clock="--clock $$(date -u -d '-$(STORY_HOURS) hours' +%FT%TZ)"; fi; \
	if [ -n "$$clock" ] || { [ "$(DEMO)" != no ] && [ -e "$(DATA)/demo.jsonl" ]; }; then tools/demo $(BINARY) "$(DATA)" & fi; \
	exec $(BINARY) serve --sandbox --data $(DATA) --listen $(HOST):$(PORT) $$clock

build: ## Build the server: build/release/jangbu
	@tools/setup build
	@tools/build release --target jangbu -j$(JOBS)

test: ## Build, and run every test, on SQLite and on a PostgreSQL of its own
	@tools/setup build test
	@tools/test

deb: build ## Make the Debian package, build/deb/jangbu_VERSION_ARCH.deb
	@tools/setup deb
	@tools/deb

check: ## Check the form of what changed: clang-format, clang-tidy, the direction of includes
	@tools/setup build check
	@tools/check

format: ## Rewrite what changed in the house's form
	@tools/setup check
	@tools/check --fix

clean: ## Remove all that was built (never ./data)
	rm -rf build tests/node_modules web/node_modules
