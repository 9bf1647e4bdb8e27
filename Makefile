# Qiaomen. `make help` lists what there is; `make run` is all that a first try needs.
#
# Settings, from the environment or as in `make run PORT=9000`: PORT, QIAOMEN_INSTANCE, DATABASE_URL,
# PUBLIC_URL, TRUSTED_PROXIES, SECRET_KEY. The README explains each of them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps

# Settings given to make reach the programs that it starts.
PORT ?= 8000
QIAOMEN_INSTANCE ?= $(CURDIR)/instance
export PORT QIAOMEN_INSTANCE DATABASE_URL PUBLIC_URL TRUSTED_PROXIES SECRET_KEY

# Node from PyPI lives in the virtual environment, so its folder comes first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Packages are named without their registry, so that a lock file fits every machine.
export npm_config_omit_lockfile_registry_resolved := true

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CLIENT_SOURCES := $(shell find static/app static/public templates/pwa -type f 2>/dev/null) \
	package-lock.json vite.config.ts tsconfig.json setup/precache.ts

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run dev build catalogues test check check-python check-client fix demo bench \
	storm screenshots migration contract cards lock clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- using it ---

run: build catalogues ## serve at http://127.0.0.1:8000 (PORT=…), with a demo when there is nothing yet
	@$(BIN)/python -m setup.serve

demo: build catalogues ## print the demo's sign-ins; load it first if the database is empty
	@$(BIN)/flask --app wsgi db upgrade
	@$(BIN)/flask --app wsgi demo load --if-empty

# --- working on it ---

setup: $(STAMPS)/dev node_modules/.package-lock.json $(STAMPS)/chromium $(STAMPS)/postgres ## install all that developing needs

dev: setup build catalogues ## serve and follow changes, on both sides
	@trap 'kill 0' EXIT; \
	  $(BIN)/watchfiles --filter all "npm run --silent build" static/app static/public templates/pwa & \
	  $(BIN)/watchfiles --filter all "$(BIN)/python -m webapp.core.catalogues" webapp & \
	  $(BIN)/python -m setup.serve --reload

test: setup build catalogues check ## all checks and all tests
	$(BIN)/pytest -n 2 --dist loadfile

check: check-python check-client ## checks that run nothing: style, types, layers, sizes

check-python: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check-client: $(STAMPS)/runtime node_modules/.package-lock.json build
	npm run --silent check
	npm run --silent lint
	npm run --silent test
	setup/contract.sh --check
	$(BIN)/python setup/bundle_size.py

fix: setup ## mend style where a program can
	-$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .
	npx biome check --write

bench: setup build catalogues ## measure the speeds that the docs promise
	$(BIN)/python -m tests.bench

storm: setup build catalogues ## prove the sync under faults: SEED=1 OPS=200000 ENGINE=sqlite|postgresql
	@$(BIN)/python -m tests.storm --seed $(or $(SEED),1) --engine $(or $(ENGINE),sqlite) \
	  --operations $(or $(OPS),200000)

screenshots: setup build catalogues ## every screen into screenshots/
	$(BIN)/python -m tests.screenshots

migration: $(STAMPS)/dev ## write a migration: make migration m='what it is for'
	setup/migration.sh "$(m)"

cards: $(STAMPS)/runtime ## spell out the playbook's cards after a change (webapp/playbook/cards/pinyin.json)
	$(BIN)/python -m webapp.playbook.pinyin_child --cards

contract: $(STAMPS)/dev node_modules/.package-lock.json ## write what is generated from the API's declarations
	setup/contract.sh

lock: ## pin all Python packages anew from the .in files
	setup/lock.sh

clean: ## remove what was built and installed; instance/ stays
	rm -rf $(VENV) node_modules static/dist screenshots test-results bench-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find webapp \( -name '*.mo' -o -name __pycache__ \) -prune -exec rm -rf {} +

# --- what the targets above stand on ---

build: static/dist/sw.js

static/dist/sw.js: $(CLIENT_SOURCES) | node_modules/.package-lock.json
	npm run --silent build
	@touch $@

catalogues: $(STAMPS)/runtime
	@$(BIN)/python -m webapp.core.catalogues

$(STAMPS)/venv:
	$(PYTHON) setup/check_python.py
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.txt | $(STAMPS)/venv
	$(PIP) --requirement requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/runtime
	$(PIP) --requirement requirements-dev.txt
	@touch $@

$(STAMPS)/node: setup/node.sh setup/node.txt | $(STAMPS)/venv
	setup/node.sh
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | $(STAMPS)/node
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Holds the path of the Chromium to use.
$(STAMPS)/chromium: setup/chromium.sh $(STAMPS)/dev
	setup/chromium.sh > $@

$(STAMPS)/postgres: setup/postgres.sh setup/postgres.txt $(STAMPS)/dev
	setup/postgres.sh
	@touch $@
