# `make help` lists the targets. Nothing here writes outside the repo but the pip and uv caches.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

# Two switches that keep TensorFlow silent (oneDNN also changes the seventh digit of its results).
export TF_CPP_MIN_LOG_LEVEL := 1
export TF_ENABLE_ONEDNN_OPTS := 0

# A machine that tells Python to keep no bytecode takes 15 s to import Keras, each time, instead of 3.
unexport PYTHONDONTWRITEBYTECODE

# On a machine that shares its memory a new page can cost more than all that is computed in it. So
# glibc keeps what is freed, instead of giving it back and asking for it again (NumPy: 30 times faster).
export MALLOC_MMAP_THRESHOLD_ := 33554432
export MALLOC_TRIM_THRESHOLD_ := 1073741824

# The tests run in two processes: more threads would only wait for each other (twice the time).
export OPENBLAS_NUM_THREADS := 1

# Caches and settings of Keras, matplotlib and Jupyter stay inside the repo.
CACHE := $(CURDIR)/.cache
HERE := KERAS_HOME=$(CACHE)/keras MPLCONFIGDIR=$(CACHE)/matplotlib IPYTHONDIR=$(CACHE)/ipython \
	JUPYTER_CONFIG_DIR=$(CACHE)/jupyter/config JUPYTER_DATA_DIR=$(CACHE)/jupyter/data \
	JUPYTER_RUNTIME_DIR=$(CACHE)/jupyter/runtime XDG_CACHE_HOME=$(CACHE) \
	XDG_CONFIG_HOME=$(CACHE)/config PATH="$(CURDIR)/$(BIN):$$PATH"

PYTEST := $(HERE) $(BIN)/python -m pytest -n 2 --dist loadfile
NBVAL := --nbval-lax --nbval-current-env --nbval-cell-timeout=300
CHAPTERS := $(wildcard book/*/*.ipynb)

.DEFAULT_GOAL := help
.PHONY: help book test test-backends check-site serve lint colab notebooks lock clean

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

# --- the environment -------------------------------------------------------------------------

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "nncourse needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q uv || echo "uv could not be installed: pip installs, which takes longer"
	@touch $@

.venv/.locked: .venv/.made requirements.lock pyproject.toml
	@echo "Installing requirements.lock into .venv ..."
	@$(BIN)/uv pip install -q --python $(BIN)/python -r requirements.lock || \
		$(BIN)/python -m pip install -q -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.backends: .venv/.locked requirements-backends.txt
	@echo "Installing JAX and PyTorch into .venv ..."
	@$(BIN)/uv pip install -q --python $(BIN)/python --torch-backend=cpu -c requirements.lock -r requirements-backends.txt 2>/dev/null || \
		$(BIN)/python -m pip install -q -c requirements.lock -r requirements-backends.txt
	@touch $@

# --- tests and housekeeping ------------------------------------------------------------------

# The chapters take longest, so they start first.
test: .venv/.locked  ## unit tests, doctests and every chapter through nbval
	@mkdir -p $(CACHE)/tmp
	TMPDIR=$(CACHE)/tmp $(PYTEST) --durations=10 $(NBVAL) --no-loadscope-reorder --ignore=tests/site \
		$(CHAPTERS) nncourse tests

# BACKENDS=jax runs one of them. Both backends keep what they compile: JAX, which compiles each small
# step for each shape and the loops of recurrent layers anew at every call, spends most of its time
# on that. PyTorch's threads of two processes would wait for each other: twice the time. What knows no
# Keras is left to `make test`, and so is `scratch`, of which Keras is only the referee.
BACKENDS ?= jax torch
WITHOUT_KERAS := $(addprefix --ignore=tests/,assignments datasets scratch visualizations book site test_packaging.py test_project.py) \
	$(addprefix --ignore=nncourse/,assignments datasets visualizations)
test-backends: .venv/.backends  ## the package's tests on JAX and on PyTorch
	@mkdir -p $(CACHE)/tmp
	@$(foreach backend,$(BACKENDS),echo "--- the package's tests on $(backend) ---"; \
		KERAS_BACKEND=$(backend) OMP_NUM_THREADS=1 TMPDIR=$(CACHE)/tmp TORCHINDUCTOR_CACHE_DIR=$(CACHE)/torch \
		JAX_COMPILATION_CACHE_DIR=$(CACHE)/jax JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 $(PYTEST) \
			--durations=5 $(WITHOUT_KERAS) nncourse tests || exit 1;)

lint: .venv/.locked  ## ruff, the format, the workflows, the citation and the notebooks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(BIN)/python tools/notebooks.py --check

lock: .venv/.made  ## renew requirements.lock: the newest versions that pyproject.toml admits
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-header --no-annotate \
		--extra book --extra test pyproject.toml requirements.in -o requirements.lock

clean:  ## remove everything that make made, .venv included
	rm -rf .venv .cache _build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- the book --------------------------------------------------------------------------------

# The execution cache knows the chapters' code only. It is thrown away when this number changes,
# which it does with every file of the package and with the lock.
FINGERPRINT = $(shell find nncourse -name '*.py' | LC_ALL=C sort | xargs cksum requirements.lock | cksum | cut -d' ' -f1)

book: .venv/.locked  ## run every chapter and build the site into _build/html
	@rm -rf _build/html
	@test -e _build/.package-$(FINGERPRINT) || { rm -rf _build; mkdir -p _build; touch _build/.package-$(FINGERPRINT); }
	@mkdir -p $(CACHE)
	$(HERE) $(BIN)/jupyter-book build . --all -W -n --keep-going
	@echo "The book is built. Open: file://$(CURDIR)/_build/html/index.html"

serve:  ## show the built site at http://127.0.0.1:8000 (PORT=...)
	@test -e _build/html/index.html || { echo "There is no site yet: run make book"; exit 1; }
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

check-site:  ## look at every page of the built site in a browser
	$(PYTEST) --dist worksteal --durations=5 tests/site --ignore=tests/site/test_colab.py

colab: .venv/.locked  ## make the plain notebooks that the Colab button opens, and run one of each part
	@rm -rf _build/colab
	@mkdir -p $(CACHE)
	$(HERE) $(BIN)/jupyter-book build . --builder custom --custom-builder colab -W -n --keep-going
	$(PYTEST) --dist worksteal --durations=5 tests/site/test_colab.py

notebooks: .venv/.locked  ## run the chapters and store the outputs that they claim
	@mkdir -p $(CACHE)
	$(HERE) $(BIN)/python tools/notebooks.py $(CHAPTERS)
