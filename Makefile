# Remember What Matters. `make` lists the targets.
# Works with GNU make 3.81 and later, on Debian and macOS.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/stamp
SITE := _build/html
SOURCES := book _config.yml _toc.yml
PRINT := _build/print
PDF := _build/pdf/remember-what-matters.pdf
SEEDS := 0 1 2 1000 12345
JOBS ?= 2

NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=300 \
         --nbval-sanitize-with tests/nbval_sanitize.cfg
PARALLEL := -n $(JOBS) --dist loadfile

.NOTPARALLEL:
.PHONY: help book pdf test-pdf lab test lint check chromium chapters chapter-check seeds bench \
        format clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This project needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Choose another: make PYTHON=python3.12 book"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; \
	    exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -c 'import matplotlib.pyplot'
	@touch $(STAMP)

book: $(STAMP) ## build the book as a web site in _build/html
	@if [ -f $(PDF) ] && find $(SOURCES) -newer $(PDF) -type f | grep -qv __pycache__; then \
	  echo "$(PDF) is older than the book and is left out; make pdf renews it."; rm $(PDF); fi
	@rm -rf $(SITE) _build/.doctrees
	$(BIN)/jupyter-book build -W -n --keep-going --quiet .
	$(BIN)/python tools/finish_site.py $(SITE)
	@echo "The book is built. Open $(SITE)/index.html in a browser."

pdf: $(STAMP) ## typeset the book as a PDF
	@command -v xelatex >/dev/null && command -v latexmk >/dev/null && \
	  kpsewhich titlesec.sty latinmodern-math.otf pzdr.tfm >/dev/null || { \
	    echo "To typeset the book, install XeLaTeX and latexmk. On Debian:"; \
	    echo "apt-get install --no-install-recommends texlive-xetex texlive-fonts-recommended latexmk"; \
	    exit 1; }
	@rm -rf $(PRINT) $(PDF)
	$(BIN)/jupyter-book build -W -n --keep-going --quiet --path-output $(PRINT) --builder latex .
	@cd $(PRINT)/_build/latex && \
	  SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)} \
	  latexmk -silent -xelatex -interaction=nonstopmode -halt-on-error $(notdir $(PDF:.pdf=.tex)) \
	  >latexmk.out 2>&1 || { grep -A 8 '^!' $(notdir $(PDF:.pdf=.log)) || tail -20 latexmk.out; exit 1; }
	@mkdir -p $(dir $(PDF)) && cp $(PRINT)/_build/latex/$(notdir $(PDF)) $(PDF)
	@echo "The book is typeset: $(PDF). From now on make book offers it."

test-pdf: pdf ## typeset the book and check the PDF
	$(BIN)/python -m pytest -q tests/book/test_pdf.py

lab: $(STAMP) ## open the chapters in JupyterLab
	$(BIN)/jupyter lab book

test: chromium lint book check ## check everything: style, package, chapters, book, pages in a browser

chromium: $(STAMP)
	@$(BIN)/python tools/chromium.py >/dev/null
	@$(BIN)/python -m playwright --version >/dev/null || \
	  { echo "Playwright does not start. On Debian: apt-get install libatomic1"; exit 1; }

lint: $(STAMP) ## check style, spelling and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy

# machine code cached by Numba notices a change of its own file only, so checks start without it
check: $(STAMP) ## run the unit tests, the chapters and the browser checks (needs a built book)
	@rm -f dra/__pycache__/*.nb[ic]
	CI=true DRA_SEED_OFFSET=0 $(BIN)/python -m pytest $(PARALLEL) $(NBVAL) \
	  --ignore tests/book/test_pdf.py tests book

chapter-check: $(STAMP) ## check the form of the chapters, without running them
	$(BIN)/python -m pytest -q tests/book/test_notebooks.py

chapters: $(STAMP) ## run all chapters and store their outputs
	DRA_SEED_OFFSET=0 $(BIN)/python tools/execute_chapters.py --jobs $(JOBS)

seeds: $(STAMP) ## run all chapters with other seeds; their claims must hold
	@set -e; for offset in $(SEEDS); do echo "seed offset $$offset"; \
	  DRA_SEED_OFFSET=$$offset $(BIN)/python tools/execute_chapters.py --check-only --jobs $(JOBS); \
	done

bench: $(STAMP) ## measure how fast the package is
	$(BIN)/python tools/bench.py

format: $(STAMP) ## format the code, chapters included
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## delete what was built (and the environment)
	rm -rf _build $(VENV) .pytest_cache .ruff_cache *.egg-info
	find dra tests tools book -name __pycache__ -type d -prune -exec rm -rf {} +
