# The commands: make run, make test, make check; make calibrate holds a grader against people's scores. Python 3.11 or newer is all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check calibrate train lock clean

run: $(VENV)/.run
	@$(BIN)/interviewer run $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interviewer bank check
	$(BIN)/python -m pytest tests/test_docs.py

calibrate: $(VENV)/.calibrate
	@$(BIN)/interviewer calibrate $(ARGS)

# The environment: made once, and again when a lock file changes. Wheels only, every hash checked.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name one: make run PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made. On Debian or Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked packages (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.calibrate: requirements-calibrate.lock $(VENV)/.run
	@echo "Installing what calibration takes (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-calibrate.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

# The embedded grader's model anew (hours; see training/README.md), in an environment of its own: torch is large.
RUN ?= .train
train:
	@test -x $(VENV)-train/bin/python || $(PYTHON) -m venv $(VENV)-train
	@$(VENV)-train/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)-train/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r training/requirements.lock
	$(VENV)-train/bin/python -m training $(RUN)

# New versions: needs uv. The lock files hold every platform's hashes and no addresses.
lock:
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-header --no-annotate --no-emit-index-url pyproject.toml requirements.in -o requirements.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-header --no-annotate --no-emit-index-url --extra calibrate -c requirements.lock pyproject.toml -o requirements-calibrate.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-header --no-annotate --no-emit-index-url --extra calibrate --group dev -c requirements.lock -c requirements-calibrate.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -c requirements.lock training/requirements.in -o training/requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
