# What a newcomer needs: `make run` and `make test`. Everything is installed into .venv from the lock files.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

# Files of tests side by side, in their order: what takes long stands early. A scene waits more than it works; each worker
# has a server and a Chromium of its own. One worker more than cores saves nothing: what runs in real time fails by it.
SIDE_BY_SIDE := -n $${TEST_WORKERS:-logical} --maxprocesses 4 --dist loadfile --no-loadscope-reorder

export PYTHONPATH := site:.

.PHONY: help setup run dev migrate static test test-storage fuzz soak examples messages check audit mutate fix lock screenshots torture bench clean

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
	$(BIN)/pytest $(SIDE_BY_SIDE) tests e2e

test-storage: .venv/.dev ## the tests that touch the database, on PostgreSQL at 127.0.0.1:5432
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/test} $(BIN)/pytest $(SIDE_BY_SIDE) tests -m storage --reuse-db --create-db

fuzz: .venv/.dev static ## the API against its own schema, as everybody, for minutes instead of seconds
	FUZZ_EXAMPLES=100 $(BIN)/pytest tests/faults/test_schema.py

examples: .venv/.dev static ## record what the API answers as the examples of its schema
	RECORD_EXAMPLES=1 $(BIN)/pytest -q tests/test_api_document.py

messages: .venv/.dev ## gather the strings to translate into the English catalogue, compile both (needs gettext)
	$(BIN)/python -m tests.catalogues

soak: .venv/.dev .venv/.chromium static ## 300 answers streamed into one page: its memory and its smoothness
	SOAK_MESSAGES=$${SOAK_MESSAGES:-300} $(BIN)/pytest -s e2e/test_soak.py

check: .venv/.dev ## every linter; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --confidence-level medium --recursive site gemini manage.py
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	$(MANAGE) makemigrations --check --dry-run --verbosity 1

audit: .venv/.dev ## known vulnerabilities of what is installed on a server; reports, and fails nothing
	@$(BIN)/python -m tests.audit

mutate: .venv/.dev ## take each defence out, one by one, and see its test fail; rewrites the table in docs/security.md
	$(BIN)/python -m tests.mutations

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

torture: .venv/.dev static ## 40 minutes of load, kills and faults; writes its figures into docs/reliability.md
	TORTURE=1 $(BIN)/pytest -s tests/torture tests/faults

bench: .venv/.dev .venv/.chromium static ## measure all that docs/performance.md says, and write it anew (BENCH_QUICK=1: in two minutes)
	$(BIN)/python -m bench

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

var/static/staticfiles.json: .venv/.runtime requirements.lock site/config/static.py site/config/bundling.py $(shell find static -type f 2>/dev/null)
	@mkdir -p var
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
