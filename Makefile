# Two commands are enough: `make demo` and `make test`. Each sets up what it needs first, in .venv.
PYTHON ?= python3
OUT ?= demo-out
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench evaluate screenshots requirements clean

demo: $(VENV)/.run
	$(BIN)/auskunft demo $(if $(HEADLESS),--headless) --out $(OUT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.run

# How well people are found again in labelled records: docs/matching.md.
evaluate: $(VENV)/.dev
	$(BIN)/python -m tests.matching.evaluate $(DATA)

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.e2e.screenshots

# What the program needs to run, and what developing it needs besides: pinned, with hashes, and complete (--no-deps).
$(VENV)/.run: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements-dev.txt
	touch $@

# Resolves anew; needs uv. The exported files hold versions and hashes, no addresses.
requirements:
	uv lock
	uv export --quiet --format requirements-txt --no-dev --extra demo --group build --no-emit-project --no-header --output-file requirements.txt
	uv export --quiet --format requirements-txt --group dev --group build --no-emit-project --no-header --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) demo-out
