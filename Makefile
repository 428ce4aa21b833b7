# The two commands of the README are `make lab` and `make test`. Both set up `.venv` by themselves,
# with nothing but Python (3.11 or later) and make on the machine, and reuse it while
# pyproject.toml stays as it is; the first installs the course alone, the second what tests need,
# too. uv is used where it is installed: it is faster, nothing else.

PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
COURSE  = $(VENV)/.course
TESTS   = $(VENV)/.installed

.PHONY: lab test check chapter outputs bench soak record setup clean

lab: $(COURSE)         ## open JupyterLab on your own copy of the course
	$(BIN)/conclib lab

test: $(TESTS)         ## every test once: library, notebooks (nbval), browser; 3 minutes and half a minute a chapter, fails at twice that
	$(BIN)/python -m tests.run

chapter: $(TESTS)      ## all of one chapter, under a minute: make chapter N=04
	$(BIN)/python -m tests.run chapter $(N)

check: $(TESTS)        ## lint, format, import direction, types, rules, tests that start nothing; under 30 s, fails at twice that
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python -m tests.run check

outputs: $(TESTS)      ## renew the tables of chapters, run every notebook again and store its outputs
	$(BIN)/python -m tests.generate
	$(BIN)/python -m tests.outputs

record: $(COURSE)      ## measure the recorded runs of data/recorded/ anew, on this machine
	$(BIN)/conclib record

bench: $(TESTS)        ## floors in C, start of a worker, import, pyperf; rewrites benchmarks/README.md
	$(BIN)/python -m benchmarks

soak: $(TESTS)         ## 500 faults by chance, as this user and, from root, as an ordinary one
	$(BIN)/python -m benchmarks.soak $(RUNS)

setup: $(TESTS)

# Each stamp says what is installed. The tests need the course, too, so theirs stands for both.
$(COURSE): pyproject.toml
	$(call install,.)
	@touch $@

$(TESTS): pyproject.toml
	$(call install,.[test])
	@touch $(COURSE) $@

define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "conclib needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 lab"; exit 1; }
@echo "Setting up $(VENV); the first time takes about a minute."
@if command -v uv >/dev/null 2>&1; then \
  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && uv pip install --quiet --python $(BIN)/python -e '$(1)'; \
else \
  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '$(1)'; \
fi
endef

clean:
	rm -rf $(VENV)
