# Each target sets up what it needs: Python 3.11+ with venv, make and git are enough.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt
STORE  ?= store
# The benchmarks' own environment: assay and what it is measured beside.
BENCH  ?= .venv-bench
# What the calibration alone needs.
CALIBRATION ?= .venv-calibration
RECORDED = $(if $(RECORD),--record)
# What an installation is made from.
INSTALLED = pyproject.toml setup.py constraints.txt $(wildcard native/*)

# Whose evidence `make results` keeps.
STUDY  ?= cs324_a3
RESULTS = results/$(STUDY)

.PHONY: reproduce test check format docs sbom packages pythons bench full results classifier calibration torture notebooks clean
.DEFAULT_GOAL := help

help:
	@echo "make reproduce   train the flagship study's quick profile and write reports/cs324_a3/quick/index.html"
	@echo "make full        the same with the report's own numbers of epochs, and its multiverse (hours; resumable)"
	@echo "make results     keep the ended runs of make full in $(RESULTS), with report and verdicts; STUDY=memory_horizon"
	@echo "make notebooks   run the walk-throughs again, with what they show (more than an hour; resumable)"
	@echo "make test        checks and tests"
	@echo "make check       format, lint, types, import contracts"
	@echo "make docs        the documentation as a site, build/site/index.html"
	@echo "make packages    wheel and sdist in dist/, installed elsewhere and tried"
	@echo "make sbom        what an installation consists of, as CycloneDX JSON in dist/"
	@echo "make pythons     the wheel and the faster tests on Python 3.12 and 3.13, where they are"
	@echo "make classifier  train the classifier of digits again and put its weights in the package"
	@echo "make calibration how often a verdict is false, simulated; writes docs/explanation/calibration.md"
	@echo "make torture     kills, full disks, damage and hostile files by the thousand; writes docs/reliability.md"
	@echo "make bench       assay beside its peers; RECORD=1 writes docs/performance.md"

$(BIN)/.core: $(INSTALLED)
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

# All at once: after .core the kernel would be compiled a second time.
$(BIN)/.dev: $(INSTALLED)
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e '.[dev,notebook]'
	@touch $(BIN)/.core $@

reproduce: $(BIN)/.core
	$(BIN)/assay run cs324_a3 --profile quick --store $(STORE)
	$(BIN)/assay report cs324_a3 --profile quick --store $(STORE)

full: $(BIN)/.core
	$(BIN)/assay run cs324_a3 --profile full --store $(STORE)
	$(BIN)/assay run cs324_a3 --profile full --multiverse --store $(STORE)
	$(BIN)/assay report cs324_a3 --profile full --store $(STORE)

results: $(BIN)/.core
	$(BIN)/assay archive $(STUDY) --profile full --store $(STORE) --out $(RESULTS)
	$(BIN)/assay claims --from $(RESULTS) --json > $(RESULTS)/claims.json
	$(BIN)/assay report --from $(RESULTS) --out $(RESULTS)
	$(BIN)/python tools/verdict_table.py $(STUDY)

classifier: $(BIN)/.core
	$(BIN)/python tools/classifier.py --store $(STORE)

$(CALIBRATION)/.ready: $(INSTALLED)
	$(PYTHON) -m venv $(CALIBRATION)
	$(CALIBRATION)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		-e '.[calibration]'
	@touch $@

calibration: $(CALIBRATION)/.ready
	$(CALIBRATION)/bin/python -m tools.calibration

torture: $(BIN)/.dev
	nice -n 10 $(BIN)/python -m tests.reliability crash
	nice -n 10 $(BIN)/python -m tests.reliability damage
	-$(PIP) -e '.[fuzz]' # guided by coverage too, where it installs
	nice -n 10 $(BIN)/python -m tests.reliability hostile

notebooks: $(BIN)/.dev
	$(BIN)/python tools/notebooks.py

check: $(BIN)/.dev
	$(BIN)/ruff format --check src tests benchmarks notebooks tools setup.py
	$(BIN)/ruff check src tests benchmarks notebooks tools setup.py
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(BIN)/.dev
	$(BIN)/ruff format src tests benchmarks notebooks tools setup.py
	$(BIN)/ruff check --fix src tests benchmarks notebooks tools setup.py

test: check
	$(BIN)/pytest

docs: $(BIN)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo build/site/index.html

sbom: $(BIN)/.dev
	$(BIN)/python -m tools.sbom

packages: $(BIN)/.dev
	$(BIN)/python tools/packages.py

pythons: packages
	tools/pythons.sh

$(BENCH)/.peers: $(INSTALLED) benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		-e . -r benchmarks/requirements.txt
	@touch $@

bench: $(BENCH)/.peers
	$(BENCH)/bin/python benchmarks/startup.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/command.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/claims.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/verdicts.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/prompt.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/judge.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/lstm.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/gan.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/scaling.py $(RECORDED)
	$(BENCH)/bin/python benchmarks/memory.py $(RECORDED)

clean:
	rm -rf $(VENV) $(BENCH) $(CALIBRATION) build dist src/*.egg-info
