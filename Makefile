# What a newcomer needs: `make run` and `make test`. Everything is installed into .venv from the lock files.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

export PYTHONPATH := site:.

.PHONY: help setup run dev migrate static test test-storage check fix lock screenshots clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.runtime ## install what the server needs

run: setup migrate static ## serve the site at http://localhost:8000 (a demo model answers until a key is set)
	GEMINI_DEMO=$${GEMINI_DEMO:-auto} $(BIN)/python -m config.server

dev: .venv/.dev migrate ## the same with DEBUG and reload
	DEBUG=1 GEMINI_DEMO=$${GEMINI_DEMO:-auto} $(BIN)/python -m config.server

migrate: .venv/.runtime
	@$(MANAGE) migrate --noinput --verbosity 0

static: var/static/staticfiles.json

test: .venv/.dev .venv/.chromium static ## all tests, the browser ones included
	$(BIN)/pytest tests e2e

test-storage: .venv/.dev ## the tests that touch the database, on PostgreSQL at 127.0.0.1:5432
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/test} $(BIN)/pytest tests -m storage

check: .venv/.dev ## every linter; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run --verbosity 1

fix: .venv/.dev ## repair what the linters can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.dev ## pin all dependencies anew, with hashes and without the address of any registry
	$(BIN)/pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

screenshots: .venv/.dev .venv/.chromium static ## draw docs/screenshots from the running product
	$(BIN)/python -m e2e.screenshots

clean: ## remove the environment and everything made; the database in var/ stays
	rm -rf .venv var/static .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.chromium: .venv/.dev
	$(BIN)/python -m e2e.chromium
	@touch $@

var/static/staticfiles.json: .venv/.runtime requirements.lock $(shell find static -type f 2>/dev/null)
	@mkdir -p var
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
