# Every target makes the environment first if need be: any of them may be the first command on a fresh machine.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check lint types borders dev samples bench fuzz system environment clean

# dagster-dbt looks for `dbt` on PATH; nothing here reports home.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export DO_NOT_TRACK := 1

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | while IFS=$$'\t' read -r name says; do printf '  make %-12s %s\n' "$$name" "$$says"; done

run: environment ## the whole chain over samples/, with a summary on the screen
	@gongkai run --inbox samples/inbox

test: lint types borders system ## lint, types, borders, all tests
	@pytest -n 2 --dist loadfile

check: lint types borders ## the quick part: lint, types, borders, unit and contract tests
	@pytest tests/unit tests/contract

lint: environment
	@ruff check .

types: environment
	@mypy

borders: environment
	@lint-imports

dev: environment ## the Dagster UI in the browser
	@gongkai dev

samples: environment ## write samples/ and tests/documents/ anew from the typesetter
	@python -m tests.typesetting.make_samples
	@python -m tests.typesetting.make_documents

# A scan costs some 8 s a page to recognise, so fewer of them are measured.
SCANS := scan_png scan_jpeg scan_pdf scan_tiff

bench: environment system ## the measurements, into benchmarks/RESULTS.md (DOCUMENTS=500 SCANNED=8 DAMAGED=20000 REPORTS=150000 YEARS=7 KILLS=60 PAGES=20000)
	@python -m benchmarks reading --documents $(or $(DOCUMENTS),500) --without $(SCANS)
	@python -m benchmarks reading --documents $(or $(SCANNED),8) --layouts $(SCANS)
	@python -m benchmarks corruption --documents $(or $(DAMAGED),20000)
	@python -m benchmarks localization
	@python -m benchmarks guards
	@python -m benchmarks speed
	@python -m benchmarks memory
	@python -m benchmarks gate --reports $(or $(REPORTS),150000)
	@python -m benchmarks crawl --pages $(or $(PAGES),20000)
	@python -m benchmarks kills --times $(or $(KILLS),60)
	@python -m benchmarks marts --reports $(or $(REPORTS),150000) --years $(or $(YEARS),7)

fuzz: environment ## fuzz one reader: make fuzz READER=html SECONDS=3600 (ENGINE=atheris where it is installed)
	@python -m benchmarks fuzz --reader $(READER) --seconds $(or $(SECONDS),600) --engine $(or $(ENGINE),own)

system: ## install what the tests take from the system, where that needs no password
	@.ci/system

environment: ## make .venv from requirements.lock (the other targets do it by themselves)
	@.ci/environment

clean: ## remove the environment and the caches; state (var/) stays
	@rm -rf .venv *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
