# Qiaomen. `make help` lists what there is; `make run` is all that a first try needs.
#
# Settings (environment or `make run PORT=9000`): PORT, QIAOMEN_INSTANCE, DATABASE_URL, PUBLIC_URL,
# TRUSTED_PROXIES, SECRET_KEY. docs/settings.md explains each of them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps

PORT ?= 8000
QIAOMEN_INSTANCE ?= $(CURDIR)/instance
export PORT QIAOMEN_INSTANCE

# Node from PyPI lives in the virtual environment, so its folder comes first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMPS)/dev $(STAMPS)/node_modules  ## install everything that developing needs

$(STAMPS)/venv:
	$(PYTHON) setup/check_python.py
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.txt | $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

$(STAMPS)/node: setup/node.sh | $(STAMPS)/venv
	setup/node.sh
	@touch $@

$(STAMPS)/node_modules: package.json package-lock.json $(STAMPS)/node
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
