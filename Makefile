# make test, make lint and make demo need python3 (3.11 or later) and nothing else: they make a .venv here.

PYTHON ?= python3
WORKERS ?= 2
# How much make fuzz tries: examples of each law, and seconds of texts.
EXAMPLES ?= 10000
SECONDS ?= 600

BIN := .venv/bin
READY := .venv/ready
# Lark looks for interegular at every start, and is slow where it finds it: it stays out of the .venv itself.
PROOF := .venv/grammar-proof
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL := help
.PHONY: help demo test test-engines test-clients test-browser lint format tables picture bench fuzz docs mutants clean

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

demo: $(READY) ## show what there is to see: counts, members, mistakes and tests of the segments in examples
	@cd examples; set -e; \
	show() { printf '\n\n$$ sql-seg %s\n\n' "$$1"; shift; ../$(BIN)/sql-seg "$$@" || test $$? = 1; }; \
	show 'preview segments …  # how many are in each segment' \
	    preview segments $(ACCOUNT) --now 2026-11-23T12:00Z; \
	printf '\n\n$$ cat segments/us_mountain_states.sql\n\n'; cat segments/us_mountain_states.sql; \
	show 'preview segments/us_mountain_states.sql …  # who is in one of them' \
	    preview segments/us_mountain_states.sql $(ACCOUNT) --now 2026-11-23T12:00Z --sample 5; \
	show "check -q \"updated_at >= '2026-01-01'\"  # what is wrong with a query" \
	    check -q "updated_at >= '2026-01-01'"; \
	show 'test segments  # whether segments hold who they should' \
	    test segments

ACCOUNT := --contacts contacts.csv --fields field_definitions.json --events events.ndjson \
    --list 115715d0-0000-4000-8000-000000000001=lists/newsletter.csv \
    --list 115715d0-0000-4000-8000-000000000002=lists/customers.csv

test: $(READY) $(PROOF) ## run all tests, and prove the grammars free of conflicts
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not grammar_proof"
	PYTHONPATH=$(PROOF) $(BIN)/python -m pytest -q -m grammar_proof tests/unit/syntax/parsing

test-engines: $(READY) ## ask DuckDB, PostgreSQL, ClickHouse and Spark the laws of the SQL that is written for them
	-@.ci/install-engines
	-@$(INSTALL) --group engines
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup -m engines tests/engines

test-clients: $(READY) ## run SendGrid's own clients for Python and Node against the emulator
	@$(INSTALL) --group clients
	$(BIN)/python -m pytest -q -m clients tests/clients

test-browser: $(READY) ## open the report and the emulator's page in Chromium; with SCREENSHOTS=FOLDER, keep pictures
	-@.ci/install-browser
	-@$(INSTALL) --group browser
	SCREENSHOTS="$(abspath $(SCREENSHOTS))" $(BIN)/python -m pytest -q -m browser tests/browser

lint: $(READY) ## check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put all code into its canonical form
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

tables: $(READY) ## rewrite the parser's tables, where the grammar has changed
	$(BIN)/python -m grammar.tables

picture: $(READY) ## redraw the rooms, where they or their imports have changed
	$(BIN)/python tools/house.py --picture docs/rooms.svg

bench: $(READY) ## measure everything against its targets, or ONLY="parsing records"
	@$(INSTALL) --group bench
	@$(BIN)/python benchmarks/run.py $(ONLY)

fuzz: $(READY) ## try the laws on many more queries than the tests do, and texts that lead to unseen code
	HYPOTHESIS_PROFILE=fuzz FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -q -n $(WORKERS) tests/laws
	-@$(INSTALL) --group fuzz
	$(BIN)/python -m tests.fuzz.any_text $(SECONDS)

docs: $(READY) ## build the documentation as a site, into site/; a link that leads nowhere is an error
	@$(INSTALL) --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build -q

mutants: $(READY) ## put faults into copies of the package, and see that the laws find them
	$(BIN)/python -m tests.mutants

clean: ## remove what make has made
	rm -rf .venv build dist site .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/made:
	$(PYTHON) -m venv .venv
	$(INSTALL) --upgrade "pip>=25.1"
	@touch $@

$(READY): .venv/made pyproject.toml
	$(INSTALL) --editable . --group test --group lint
	@touch $@

$(PROOF): .venv/made pyproject.toml
	$(INSTALL) --upgrade --target $@ --group grammar
	@touch $@
