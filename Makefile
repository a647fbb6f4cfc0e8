# `make serve` and `make test` need python3 (3.11 or later), make and a Python package index.
# Everything else is fetched into .uv/ and .venv/; outside this folder only uv's cache changes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup serve test lint types architecture unit openapi fmt fuzz bench bench-quick clean

UV  := .uv/uv
BIN := .venv/bin

export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

# Run by root, the tests' PostgreSQL makes itself a user of its own, with a tool that lies here.
export PATH := $(PATH):/usr/sbin:/sbin

# A company's certificates and index: those of the system, or by whichever of their usual names.
export UV_SYSTEM_CERTS := 1
CERTIFICATES := $(or $(SSL_CERT_FILE),$(REQUESTS_CA_BUNDLE),$(PIP_CERT))
INDEX        := $(or $(UV_DEFAULT_INDEX),$(UV_INDEX_URL),$(PIP_INDEX_URL))
ifneq ($(CERTIFICATES),)
export SSL_CERT_FILE := $(CERTIFICATES)
endif
ifneq ($(INDEX),)
export UV_DEFAULT_INDEX := $(INDEX)
endif

# uv sync takes each file from the address in uv.lock. With an index of one's own the same files,
# by their hashes, must come from there.
ifeq ($(INDEX),)
install = $(UV) sync --quiet --frozen --inexact $(1)
else
install = $(UV) venv --quiet --allow-existing .venv \
	&& $(UV) export --quiet --frozen --no-emit-project $(1) --output-file .uv/requirements.txt \
	&& $(UV) pip install --quiet --require-hashes --requirements .uv/requirements.txt \
	&& $(UV) pip install --quiet --no-deps --editable .
endif

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/dev ## Install everything, the tools for development too

serve: .venv/run ## Set up, migrate, load the seed, serve on 127.0.0.1:8000 (or PORT)
	@$(BIN)/onrecord db upgrade
	@$(BIN)/onrecord seed
	@exec $(BIN)/onrecord serve

test: lint types architecture unit ## Everything that CI runs

lint: .venv/dev ## Check style and formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: .venv/dev ## Check types
	@$(BIN)/mypy

architecture: .venv/dev ## Check that imports point one way
	@$(BIN)/lint-imports

unit: .venv/dev ## Run the tests on SQLite and PostgreSQL, with coverage
	@$(BIN)/pytest -n 2 --cov=app --cov-branch --cov-fail-under=95

openapi: .venv/dev ## Write the API's contract and the record's schema into docs/
	@$(BIN)/onrecord export-openapi docs/openapi.json
	@$(BIN)/onrecord export-schema docs/article-record.schema.json

fmt: .venv/dev ## Format the code
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

fuzz: .venv/dev ## Send random requests to a server of its own
	@.ci/fuzz

bench: .venv/bench ## Measure everything beside its peers, at up to a million positions
	@$(BIN)/python -m benchmarks.run --picture docs/growth.svg

bench-quick: .venv/bench ## The same in two minutes, at up to 100,000 positions
	@$(BIN)/python -m benchmarks.run --quick

clean: ## Remove what was installed and cached; databases stay
	@rm -rf .uv .venv dist htmlcov .coverage* .hypothesis .schemathesis \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# What is installed: what serving needs, or that and the tools. Later runs see that it is there.
.venv/run: $(UV) uv.lock pyproject.toml
	@$(call install,--no-dev)
	@touch $@

.venv/dev: $(UV) uv.lock pyproject.toml
	@$(call install,)
	@touch .venv/run $@

.venv/bench: $(UV) uv.lock pyproject.toml
	@$(call install,--group bench)
	@touch .venv/run .venv/dev $@

$(UV): .ci/get_uv.py .ci/uv.txt
	@python3 $< .uv
