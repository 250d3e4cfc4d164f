# Two commands matter: "make run" and "make test". Paths are relative, so that a space in the folder's name does no harm.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-fast explore lint bench lock clean

export PYTHON PORT
PORT ?= 8501
UV ?= uv
VENV := .venv/bin/python
SLOW := browser or office or postgres

help:
	@echo 'make run        dashboard with sample data on http://localhost:8501 (PORT=8502 for another port)'
	@echo 'make test       all tests; installs what they need where it may'
	@echo 'make test-fast  tests without browser, PostgreSQL and LibreOffice'
	@echo 'make explore    the fast tests again, properties with new random examples'
	@echo 'make lint       ruff and mypy --strict'
	@echo 'make bench      what the figures in README.md come from'
	@echo 'make lock       requirements*.in -> requirements*.txt with hashes (needs uv)'
	@echo 'make clean      remove the environment, caches and the sample database'

run:
	@sh tools/environment.sh
	@exec sh tools/run.sh

# Each worker has a server and a Chromium of its own; tests are handed out one by one, so that both end together.
test:
	@sh tools/environment.sh dev
	@sh tools/system.sh
	@$(VENV) -m pytest -q -n 2 -m 'not ($(SLOW))'
	@$(VENV) -m pytest -q -n 2 --dist loadfile -m '(office or postgres) and not browser'
	@$(VENV) -m pytest -q -n 2 --dist load --maxschedchunk 1 -m browser

test-fast:
	@sh tools/environment.sh dev
	@$(VENV) -m pytest -q -n 2 -m 'not ($(SLOW))'

explore:
	@sh tools/environment.sh dev
	@HYPOTHESIS_PROFILE=explore $(VENV) -m pytest -q -n 2 -m 'not ($(SLOW))'

lint:
	@sh tools/environment.sh dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy --strict .

bench:
	@sh tools/environment.sh dev
	@set -e; for script in benchmarks/[!_]*.py; do \
		[ -e "$$script" ] || continue; echo "$$script"; PYTHONPATH=. $(VENV) "$$script"; done

lock:
	@command -v $(UV) >/dev/null || { echo 'uv is needed: pip install uv, or make lock UV=/path/to/uv' >&2; exit 1; }
	@for name in requirements requirements-dev; do $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt --quiet || exit 1; done

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	@rm -f data/sample.db data/sample.db-wal data/sample.db-shm
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
