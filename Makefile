# Boussole: `make` lists all targets. Variables may be given on the command line, as in `make serve PORT=8080`.
ENGINE_PORT ?= 9200
ENGINE_DATA ?= .engine
ENGINE_HEAP ?= 1g
NODES ?= 1
PORT ?= $(or $(BOUSSOLE_PORT),8000)
WORKERS ?= $(or $(BOUSSOLE_WORKERS),1)
PYTHON ?= python3
MUTANTS ?= 60
SEED ?= 1

VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
export ENGINE_PORT ENGINE_DATA ENGINE_HEAP
export BOUSSOLE_PORT := $(PORT)
export BOUSSOLE_WORKERS := $(WORKERS)
# Demo and tests start many processes, and each would compile all modules again where this is set.
demo test test-unit coverage: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup engine engine-stop demo serve test test-unit mutants coverage lint bench relevance funding-check pictures lock vendor browser harvester

help: ## list these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22
	@echo "  variables: ENGINE_PORT=$(ENGINE_PORT) ENGINE_DATA=$(ENGINE_DATA) ENGINE_HEAP=$(ENGINE_HEAP) NODES=$(NODES) PORT=$(PORT) WORKERS=$(WORKERS)"

setup: $(READY) ## the Python environment in .venv, from the lock file

$(READY): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or later is needed ($(PYTHON) is missing or older): name one, as in PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

engine: setup ## a local OpenSearch in the background; returns when it answers (NODES=3: a cluster, on successive ports)
	@$(RUN) -m engine.local start --port $(ENGINE_PORT) --data $(ENGINE_DATA) --heap $(ENGINE_HEAP) --nodes $(NODES)

engine-stop: setup ## stop it; its data are kept
	@$(RUN) -m engine.local stop --data $(ENGINE_DATA)

demo: setup ## everything: engine, fixtures, app on http://127.0.0.1:8000; Ctrl-C stops what it started
	@$(RUN) -m engine.local.demo

serve: setup ## the app alone, over the engine of ENGINE_PORT unless BOUSSOLE_OPENSEARCH_URL names one
	@BOUSSOLE_OPENSEARCH_URL=$${BOUSSOLE_OPENSEARCH_URL:-http://127.0.0.1:$(ENGINE_PORT)} $(RUN) -m search_app

test: setup browser harvester ## every check and every test
	@$(MAKE) --no-print-directory lint
	@$(RUN) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

test-unit: setup ## the tests without sockets
	@$(RUN) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/unit

mutants: setup ## the changes of query/, seats/, load/ and offers/ that no unit test notices (MUTANTS=N of those generated, SEED=N)
	@$(RUN) -m tests.mutants --generated $(MUTANTS) --seed $(SEED)

coverage: setup browser harvester ## coverage of all tests; takes twice as long as the tests
	@$(RUN) -m pytest -q --cov -n 2 --dist loadfile --no-loadscope-reorder

lint: setup ## ruff and mypy
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

bench: setup ## the measurements, as tables
	@$(RUN) -m bench

relevance: setup ## judged queries on the engine of ENGINE_PORT, as a table
	@BOUSSOLE_OPENSEARCH_URL=$${BOUSSOLE_OPENSEARCH_URL:-http://127.0.0.1:$(ENGINE_PORT)} $(RUN) -m tests.relevance

funding-check: setup ## the funding rules: checked, with their scenarios, in plain French (DIR=folder for other rules)
	@$(RUN) -m funding $(DIR)

pictures: setup browser ## docs/pictures/: every page and state, of the app that runs on PORT (make demo)
	@$(RUN) -m tests.browser.pictures http://127.0.0.1:$(PORT)

lock: setup ## resolve the Python packages and the engine's jars again
	@$(RUN) -m pip install --quiet --disable-pip-version-check uv
	@$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra meaning --extra mcp --extra engine --extra dev pyproject.toml -o requirements/dev.txt
	@$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra meaning -c requirements/dev.txt pyproject.toml -o requirements/base.txt
	@$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra peers -c requirements/dev.txt pyproject.toml -o requirements/peers.txt
	@$(RUN) -m engine.local lock

vendor: ## fetch the files in search_app/static/vendor from their npm packages again
	@cd search_app/static/vendor && packed=$$(mktemp -d) && trap 'rm -r "$$packed"' EXIT && \
	tail -n +2 packages.csv | while IFS=, read -r file package version path licence hash; do \
		name=$$(npm pack --silent --pack-destination "$$packed" "$$package@$$version") && \
		tar xzOf "$$packed/$$name" "package/$$path" >"$$file" && \
		echo "$$hash  $$file" | sha256sum --check || exit 1; done

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y chromium fonts-liberation; } >$(VENV)/chromium.log 2>&1 || \
			{ tail -n 3 $(VENV)/chromium.log >&2; exit 1; }; \
	else echo "The browser tests need Chromium: sudo apt-get install chromium" >&2; exit 1; fi

harvester:
	@perl -MHTTP::OAI -e 1 2>/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing a foreign harvester for the tests of /oai"; \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y libhttp-oai-perl; } >$(VENV)/harvester.log 2>&1 || \
			{ tail -n 3 $(VENV)/harvester.log >&2; exit 1; }; \
	else echo "The tests of /oai need Perl's HTTP::OAI: sudo apt-get install libhttp-oai-perl" >&2; exit 1; fi
