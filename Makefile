# `make` alone prints what there is. The first `make demo`, `setup` or `test` makes .venv from the hash-locked lists.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Wheels only: nothing is compiled, so nothing but Python is needed.
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all:
# Each is touched when its list is installed, so that nothing happens where nothing has changed.
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
# mutmut asks for a newer click than Faust allows, so it has a place of its own, from which .venv is seen.
MUTMUT := .cache/mutmut

# Tests start Rollcall hundreds of times, and compiling it anew would be a third of each start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types bench bench-trends proof fuzz mutants docs openapi picture clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUNTIME) ## a virtual environment with what Rollcall needs, and .venv/bin/rollcall

# On a terminal as a job of its own, so that Ctrl-C reaches the demo, which then ends with 0, and not make.
demo: $(RUNTIME) ## a made-up district to watch, until Ctrl-C; with ONCE=1 it ends with a summary
	@if [ -t 0 ]; then set -m; fi; $(BIN)/rollcall demo $(if $(filter-out 0 no,$(ONCE)),--once) $(ARGS)

# A file of tests is run by one process, because its tests share what is slow to start; in the order of the
# folders, because those that take long come first, and small files are left for the end.
test: $(DEV) lint types ## everything that must hold; ends with pytest's summary line
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(DEV) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## mypy strict, and which package may import which
	$(BIN)/mypy models alerts streams web infra
	$(BIN)/lint-imports

bench: $(DEV) ## how fast it is on this machine
	$(BIN)/python -m tests.bench $(ARGS)

bench-trends: $(DEV) ## how fast questions about a whole state are; the first time it builds one, for half an hour
	$(BIN)/python -m tests.bench.trends $(ARGS)

proof: $(DEV) ## N random histories by engine and contract, from the number FIRST on
	$(BIN)/python -m tests.property.proof --number $(or $(N),2000) --first $(or $(FIRST),0)

fuzz: $(DEV) ## N inputs that nobody would write for all that reads, from the number SEED on
	$(BIN)/python -m tests.fuzz --number $(or $(N),1000000) --seed $(or $(SEED),0) $(ARGS)

mutants: $(MUTMUT)/.installed ## what the tests of counting and rules would miss; half an hour, goes on where it was stopped
	$(MUTMUT)/bin/python -m tests.mutation $(ARGS)

docs: $(DEV) ## hold the documents to the code
	$(BIN)/python -m pytest tests/contract tests/integration/test_readme.py

openapi: $(DEV) ## write docs/openapi.json anew
	$(BIN)/python -m infra.serving.openapi

picture: $(DEV) ## run the demo and draw docs/pictures/demo.svg anew
	$(BIN)/python -m docs.pictures.demo

clean: ## remove what make made, the demo's folder too
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	if [ -f var/demo/.rollcall-demo ]; then rm -rf var/demo; fi

$(RUNTIME): requirements.txt infra/launcher.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rollcall needs Python 3.11 or later as $(PYTHON), and found: $$($(PYTHON) --version 2>&1 | tail -1). Name another one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing the locked packages into $(VENV): a minute or two, once."
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.txt
	$(BIN)/python infra/launcher.py $(BIN)/rollcall
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(INSTALL) -r requirements-dev.txt
	@touch $@

$(MUTMUT)/.installed: requirements-mutants.txt $(DEV)
	$(BIN)/python -m venv $(MUTMUT)
	$(subst $(BIN),$(MUTMUT)/bin,$(INSTALL)) -r requirements-mutants.txt
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > "$$($(MUTMUT)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/rollcall.pth"
	@touch $@
