# Four commands: demo, test, lint, bench. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
POT := matchmaker/translations/messages.pot

.PHONY: demo test lint bench lock translations clean

demo: $(VENV)/.ready
	MATCHMAKER_DEMO=1 $(BIN)/matchmaker demo

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile
	MATCHMAKER_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

$(UV): requirements-uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	touch $@

$(VENV)/.ready: $(UV) requirements.lock pyproject.toml matchmaker/translations/en/LC_MESSAGES/messages.po
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/pybabel --quiet compile -d matchmaker/translations
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	touch $@

# The two locks hold every dependency with its hashes; run after changing pyproject.toml.
lock: $(UV)
	$(UV) pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock
	$(UV) pip compile pyproject.toml --extra build --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

translations: $(VENV)/.ready
	$(BIN)/pybabel --quiet extract -F pyproject.toml -k lazy -o $(POT) --no-location --project=matchmaker --version=0.1 .
	$(BIN)/pybabel --quiet update -i $(POT) -d matchmaker/translations -l en --no-fuzzy-matching
	rm $(POT)

clean:
	rm -rf $(VENV) build *.egg-info
