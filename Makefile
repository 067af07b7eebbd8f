# The course's commands; `make` alone lists them. Needs GNU make >= 3.81, git and Python >= 3.10.

PYTHON ?= python3
PORT ?= 8888
VENV := .venv
BIN := $(VENV)/bin

# PyTorch is left out by TORCH=no, and stays out until TORCH=yes: nobody wants it unasked, it is large.
DONE := $(VENV)/installed
TORCH ?= $(if $(wildcard $(DONE)/*-torch),yes,$(if $(wildcard $(DONE)/*),no,yes))
ifeq ($(filter yes no,$(TORCH)),)
$(error TORCH must be yes or no, got "$(TORCH)")
endif
WITH := $(if $(filter yes,$(TORCH)),-torch)

# `make lab` installs what a student needs, every other command all that the course needs. What is installed has a stamp
# in DONE, and so has all that it contains: where the larger part stands, the smaller one asks for nothing.
EXTRAS_lab := lab
EXTRAS_lab-torch := torch,lab
EXTRAS_all := lab,cluster,teach,site,dev
EXTRAS_all-torch := torch,lab,cluster,teach,site,dev
CONTAINS_lab := lab
CONTAINS_lab-torch := lab lab-torch
CONTAINS_all := lab all
CONTAINS_all-torch := lab lab-torch all all-torch

# A .venv that was moved, or whose Python is gone, does not count: its programs hold its old path.
SOUND := test -x $(BIN)/python && grep -qF "$$(pwd -P)/$(VENV)" $(BIN)/activate
RENEW := $(shell $(SOUND) 2>/dev/null || echo renew)

# One thread for the arithmetic: sums come out the same on every run, and nets this small are faster so.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What pip installs here has no bytecode; where none may be written, every start of Python compiles it all anew.
unexport PYTHONDONTWRITEBYTECODE
# Five times, as pip does by itself, is a minute of silence where there is no network.
PIP_RETRIES ?= 2
export PIP_RETRIES

.NOTPARALLEL:
.PHONY: help setup lab test quick editions test-all slow lint types imports fresh faults notebooks site bench feedback-benchmark confusion mutants test-colab test-oldest test-pythons pins clean renew whole

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "Settings: PYTHON=python3.12 (for a new .venv), TORCH=no (leave PyTorch out), PORT=9100 (for lab), SEEDS=1000 (for confusion), PYTHONS=3.12 (for test-pythons)."

setup: $(DONE)/all$(WITH)  ## make .venv with all that the commands below need; does nothing when it stands

NAME_ANOTHER = name another one: make $(or $(firstword $(MAKECMDGOALS)),setup) PYTHON=python3.12
LOG := $(VENV)/pip.log
SETTINGS := jupyter_config.py voila.json

# The stamps are written last, so an interrupted install is taken up again. What Python and pip say of their own end, by
# Ctrl-C or otherwise, goes to the log; the lines to read are ours. Bytecode is written when a module is first used.
$(DONE)/%: pyproject.toml constraints.txt $(RENEW)
	@trap 'echo; echo "Stopped. Nothing is lost: the same command goes on."; exit 130' INT; \
	{ $(SOUND) && $(BIN)/python -m pip --version; } >/dev/null 2>&1 || { \
	  command -v "$(PYTHON)" >/dev/null || { echo "$(PYTHON) is not to be found; $(NAME_ANOTHER)"; exit 1; }; \
	  found=$$("$(PYTHON)" --version 2>&1); \
	  "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	    { echo "$(PYTHON) is $$found, the course needs Python >= 3.10; $(NAME_ANOTHER)"; exit 1; }; \
	  echo "Making $(VENV) with $$found"; \
	  "$(PYTHON)" -m venv --clear $(VENV) 2>/dev/null || \
	    { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }; \
	}; \
	echo "Installing the course with [$(EXTRAS_$*)], versions from constraints.txt; at first it takes minutes"; \
	$(if $(filter %-torch,$*),echo "PyTorch is large on Linux; TORCH=no leaves it out";) \
	$(BIN)/python -m pip install $(if $(CI),--quiet) --no-compile --editable '.[$(EXTRAS_$*)]' --constraint constraints.txt \
	  2>$(LOG) || { \
	  if grep -q 'Retrying (' $(LOG); then \
	    echo "No network, or none that leads to where Python's packages lie. Nothing is lost: with it the same command goes on."; \
	    exit 1; \
	  fi; \
	  grep ERROR $(LOG) || tail -n 20 $(LOG); \
	  echo "The pinned versions are for Python 3.10 to 3.13, $(BIN)/python is $$($(BIN)/python --version)."; \
	  echo "If it is another, $(NAME_ANOTHER)"; exit 1; }; \
	mkdir -p $(VENV)/etc/jupyter $(DONE) && cp $(SETTINGS:%=course_utils/workshop/lab/settings/%) $(VENV)/etc/jupyter && \
	touch $(CONTAINS_$*:%=$(DONE)/%)

# The shell passes Ctrl-C on as a signal that ends Python without a word, however early it comes.
lab: $(DONE)/lab$(WITH)  ## open JupyterLab on notebooks/00_start_here.ipynb; installs no more than that needs
	@trap '[ -z "$$!" ] || kill $$!' INT; $(BIN)/python -m course_utils.lab --port $(PORT) <&0 & \
	exec 2>/dev/null; wait $$!; status=$$?; \
	while kill -0 $$!; do wait $$!; status=$$?; done; \
	[ $$status != 143 ] || { echo "JupyterLab has stopped."; status=0; }; exit $$status

# A worker gets whole files, since a file shares what it starts: a server, a browser, a kernel.
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
NBVAL = --nbval --nbval-current-env

CHAPTERS = $(wildcard notebooks/*.ipynb)
# Code is the same in all languages, and outputs are composed of the English ones: one notebook shows that it is so, and
# `make test-all` runs the others.
TRANSLATED = $(wildcard notebooks/[a-z][a-z]/*.ipynb)
ONE_TRANSLATED = $(firstword $(wildcard notebooks/[a-z][a-z]/02_*.ipynb) $(TRANSLATED))
EDITIONS = $(wildcard notebooks/instructor/[0-9]*.ipynb)
# Notebooks with a line such as `import torch` or `from torch import nn`, as it stands in their JSON.
NEED_TORCH = $(if $(filter no,$(TORCH)),$(shell grep -lE '^ *"(import|from) torch[ .\\"]' $(CHAPTERS) $(TRANSLATED) $(EDITIONS)))

test: setup lint types imports fresh whole  ## check all that a change can break: 8 minutes on two cores
	@echo "== tests, and every student's notebook with its outputs compared"
	@$(PYTEST) -m "not slow and not editions" tests $(NBVAL) $(filter-out $(NEED_TORCH),$(CHAPTERS) $(ONE_TRANSLATED))
	@echo "make test: all passed$(if $(NEED_TORCH),; without PyTorch)"

quick: setup lint  ## the tests of the mathematics and of the checks, in less than a minute
	@$(PYTEST) -m "not slow and not outside" -p no:nbval --quiet tests/exercises tests/test_*.py

editions: setup whole  ## the instructor's notebooks compared, homework of a class graded, JupyterLite opened
	@$(PYTEST) -m editions $(NBVAL) $(filter-out $(NEED_TORCH),$(EDITIONS)) tests/workshop/homework tests/browser/test_lite_*.py

whole:
	@test -n "$(CHAPTERS)" || { echo "no notebooks under notebooks/: run  make notebooks"; exit 1; }
	@$(foreach notebook,$(NEED_TORCH),echo "left out, since it needs PyTorch: $(notebook)";)

# What takes too long for every change: once a week, and before a release.
test-all: SEEDS = 100
test-all: slow confusion mutants test-colab test-oldest test-pythons  ## all that `make test` leaves out: an hour

slow: setup  ## the slow ones of the tests
	@$(PYTEST) -m slow tests --ignore=tests/live/test_storm.py
	@$(PYTEST) $(NBVAL) $(filter-out $(NEED_TORCH),$(TRANSLATED))
	@STORM_EVENTS=10000 $(PYTEST) --dist load tests/live/test_storm.py

lint: setup  ## ruff
	@echo "== lint: ruff"
	@$(BIN)/python -m ruff check .

types: setup  ## mypy on course_utils
	@echo "== types: mypy"
	@$(BIN)/python -m mypy

imports: setup  ## who may import whom, by import-linter
	@echo "== imports: import-linter"
	@$(BIN)/lint-imports

fresh: setup  ## whether every notebook is as new as its source
	@echo "== fresh: notebooks against notebooks/source"
	@$(BIN)/python -m course_utils build --check

faults: setup  ## planted faults, each of which the tests of its room must find
	@$(BIN)/python -m tests.faults

notebooks: setup  ## build the notebooks from notebooks/source
	@$(BIN)/python -m course_utils build

site: setup  ## the chapters as a website, in dist/site (PYODIDE=folder: Python for browsers from there; ADDRESS=…: where it will be)
	@$(BIN)/python -m course_utils site $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(if $(ADDRESS),--address "$(ADDRESS)")

bench: setup  ## speed beside other libraries, one JSON object a line
	@$(BIN)/python benchmarks/run.py

MUTANTS ?= 10

feedback-benchmark: setup  ## planted answers as data, two checkers scored on them, in dist/feedback-benchmark: 15 minutes (MUTANTS=all)
	@$(BIN)/python -m benchmarks.feedback --mutants $(MUTANTS)

SEEDS ?= 20

confusion: setup  ## planted answers against what the checks say of them, their seconds and false alarms (SEEDS=1000)
	@$(BIN)/python -m tests.exercises.confusion --seeds $(SEEDS) --page dist/confusion.html

mutants: setup  ## whether the checks notice every small change of the solutions
	@$(BIN)/python -m tests.exercises.mutation

# Each makes environments of its own under .venv; the first needs Python 3.13, the second 3.10.
OTHER_VERSIONS = @TORCH=$(TORCH) $(BIN)/python tests/platforms/other_versions.py

test-colab: setup  ## every notebook and its sliders with the versions Colab has
	$(OTHER_VERSIONS) colab

test-oldest: setup  ## the same with the lowest versions that pyproject.toml allows
	$(OTHER_VERSIONS) oldest

test-pythons: setup  ## tests and notebooks in Python 3.10, 3.12 and 3.13, without PyTorch
	$(OTHER_VERSIONS) pythons

# A throwaway environment, so that pins can be mended when they no longer install. All Pythons and systems
# are resolved at once. Standing pins are kept where they fit; PINS=--upgrade moves them all.
pins:  ## bring constraints.txt up to date with pyproject.toml (PINS=--upgrade: newest versions)
	@"$(PYTHON)" -m venv --clear $(VENV)/pins
	@$(VENV)/pins/bin/python -m pip install --quiet uv
	@$(VENV)/pins/bin/python -m uv pip compile pyproject.toml --all-extras --universal --python-version 3.10 \
	  --no-annotate --custom-compile-command "make pins" --quiet $(PINS) --output-file constraints.txt

clean:  ## remove .venv and what the tools left behind
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
