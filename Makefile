# Remember What Matters. `make` lists the targets.
# Works with GNU make 3.81 and later, on Debian and macOS. On Windows, in Git's bash, it was not
# tried: the workflow test.yml does that.

PYTHON := python3
VENV := .venv
LOWEST := _build/lowest
NEWEST := _build/newest
MUTANTS := _build/mutants
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/stamp
SITE := _build/html
SOURCES := book course _config.yml _toc.yml
PRINT := _build/print
NOTEBOOKS := _build/notebooks
COURSE := _build/course
INDEX := _build/notebooks.index
PDF := _build/pdf/remember-what-matters.pdf
DIST := _build/dist
SEEDS := 0 1 2 1000 12345
CHAPTER := 03-price-of-precision
# the public address of the repository, where it has one and _config.yml names none
ADDRESS :=
JOBS := 2
# two are busy, the third fills the time in which they wait for a browser
TESTERS := 3
# every command that makes or checks something starts with this
CLEAN := $(BIN)/python -I tools/clean_env.py
NEWLY := $(PYTHON) -I tools/clean_env.py
BUILD := BOOK_ADDRESS="$(ADDRESS)" $(BIN)/jupyter-book build -W -n --keep-going --quiet

NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=300 \
         --nbval-sanitize-with tests/nbval_sanitize.cfg
CONFORMS := $(BIN)/check-jsonschema --quiet --builtin-schema vendor.
FORMS := .github/ISSUE_TEMPLATE
QUIETLY := --quiet --disable-pip-version-check
PARALLEL := -n $(TESTERS) --dist loadfile

.NOTPARALLEL:
.PHONY: help book slides pdf test-pdf notebooks lab branch dist test lint unit package lowest \
        newest mutants check chromium exercises course chapter chapters chapter-check seeds studies \
        processor bench performance rename update format clean

help: ## list the targets
	@LC_ALL=C grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This project needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Choose another: make PYTHON=python3.12 book"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; \
	    exit 1; }
	$(PYTHON) -I tools/clean_env.py $(PYTHON) -m venv --clear $(VENV)
	$(CLEAN) --install $(BIN)/python -m pip install $(QUIETLY) -r requirements.txt
	$(CLEAN) --install $(BIN)/python -m pip install $(QUIETLY) --no-deps -e .
	$(CLEAN) $(BIN)/python -c 'import matplotlib.pyplot'
# readers do not grade, and need no second kind of notebook
	@for extension in @jupyter/nbgrader @jupyter-notebook/lab-extension; do \
	  $(CLEAN) $(BIN)/jupyter labextension disable --level=sys_prefix $$extension 2>/dev/null; done
	@touch $(STAMP)

book: $(STAMP) ## build the book as a web site in _build/html
	@if [ -f $(PDF) ] && find $(SOURCES) -newer $(PDF) -type f ! -path '*/.*/*' | grep -qv __pycache__; then \
	  echo "$(PDF) is older than the book and is left out; make pdf renews it."; rm $(PDF); fi
	@rm -rf $(SITE) _build/.doctrees
	$(CLEAN) $(BUILD) .
	$(CLEAN) $(BIN)/python tools/finish_site.py $(SITE)
	@echo "The book is built. Open $(SITE)/index.html in a browser."

slides: $(STAMP) ## make the slides for instructors in _build/html/slides, as make book does
	$(CLEAN) $(BIN)/python tools/make_slides.py $(SITE)/slides

pdf: $(STAMP) ## typeset the book as a PDF
	@command -v xelatex >/dev/null && command -v latexmk >/dev/null && \
	  kpsewhich titlesec.sty latinmodern-math.otf pzdr.tfm >/dev/null || { \
	    echo "To typeset the book, install XeLaTeX and latexmk. On Debian:"; \
	    echo "apt-get install --no-install-recommends texlive-xetex texlive-fonts-recommended latexmk"; \
	    exit 1; }
	@rm -rf $(PRINT) $(PDF)
	$(CLEAN) $(BUILD) --path-output $(PRINT) \
	  --builder latex .
	@root=$$PWD; date=$$($(BIN)/python tools/commit_date.py) && cd ./$(PRINT)/_build/latex && \
	  "$$root/$(BIN)/python" -I "$$root/tools/clean_env.py" SOURCE_DATE_EPOCH=$$date \
	  latexmk -silent -xelatex -interaction=nonstopmode -halt-on-error $(notdir $(PDF:.pdf=.tex)) \
	  >latexmk.out 2>&1 || { grep -A 8 '^!' $(notdir $(PDF:.pdf=.log)) || tail -20 latexmk.out; exit 1; }
	@mkdir -p $(dir $(PDF)) && cp $(PRINT)/_build/latex/$(notdir $(PDF)) $(PDF)
	@echo "The book is typeset: $(PDF). From now on make book offers it."

test-pdf: pdf ## typeset the book and check the PDF
	$(CLEAN) $(BIN)/python -m pytest -q tests/book/test_pdf.py

notebooks: $(NOTEBOOKS)/made ## make the notebooks to read and run, in _build/notebooks

$(NOTEBOOKS)/made: $(STAMP) _config.yml _toc.yml $(wildcard book/*.* book/_data/* book/_ext/*.py)
	@rm -rf $(NOTEBOOKS)
	$(CLEAN) $(BUILD) \
	  --builder custom --custom-builder notebooks . >/dev/null
	@touch $@

lab: notebooks ## open them in JupyterLab; what you change stays in the folder notebooks
	@$(BIN)/python tools/lay_out_notebooks.py $(NOTEBOOKS) notebooks
	$(BIN)/jupyter lab notebooks

branch: notebooks ## commit them to the branch notebooks, where Colab finds them
	@rm -f $(INDEX)
	@export GIT_INDEX_FILE="$$PWD/$(INDEX)" GIT_DIR="$$(git rev-parse --absolute-git-dir)" && \
	  (cd $(NOTEBOOKS) && GIT_WORK_TREE=. git add --force ./*.ipynb) && \
	  old=$$(git rev-parse --verify --quiet refs/heads/notebooks || true) && \
	  new=$$(git commit-tree $${old:+-p $$old} -m "Notebooks of $$(git rev-parse --short HEAD)" \
	    $$(git write-tree)) && \
	  git update-ref refs/heads/notebooks $$new && git log --oneline -1 notebooks

# the tag comes from the environment, since make would run what stands in one
dist: $(STAMP) ## make the files of a release in _build/dist: the package, the site and the PDF
	@rm -rf $(DIST) && mkdir -p $(DIST)/book
	$(CLEAN) $(BIN)/python tools/release.py "$$RELEASE_TAG" >$(DIST)/notes.md
	$(MAKE) pdf book
	$(CLEAN) --install $(BIN)/python -m build --outdir $(DIST)/package . >$(DIST)/build.out
	cp $(PDF) $(SITE)/remember-what-matters.zip $(DIST)/book

test: chromium lint book check ## check everything: style, package, chapters, book, pages in a browser

chromium: $(STAMP)
	@$(CLEAN) $(BIN)/python tools/chromium.py >/dev/null
	@$(CLEAN) $(BIN)/python -m playwright --version >/dev/null || \
	  { echo "Playwright does not start. On Debian: apt-get install libatomic1"; exit 1; }

lint: $(STAMP) ## check style, spelling, types, and the workflows
	$(CLEAN) $(BIN)/ruff check .
	$(CLEAN) $(BIN)/ruff format --check .
	$(CLEAN) $(BIN)/codespell
	$(CLEAN) $(BIN)/mypy
	$(CLEAN) $(BIN)/zizmor --offline --strict-collection --pedantic --quiet .github
	$(CLEAN) $(CONFORMS)github-workflows .github/workflows/*.yml
	$(CLEAN) $(CONFORMS)dependabot .github/dependabot.yml
	$(CLEAN) $(CONFORMS)github-issue-forms $(filter-out $(FORMS)/config.yml,$(wildcard $(FORMS)/*))
	$(CLEAN) $(CONFORMS)github-issue-config $(FORMS)/config.yml
	$(CLEAN) $(CONFORMS)citation-file-format CITATION.cff

unit: $(STAMP) ## run the quick tests of the package, in less than two minutes
	$(CLEAN) $(BIN)/python -m pytest $(PARALLEL) -m "not slow" tests/package

package: $(STAMP) ## run all tests of the package, without the book and a browser
	$(CLEAN) $(BIN)/python -m pytest $(PARALLEL) tests/package

lowest: $(STAMP) ## run them with the lowest versions that pyproject.toml declares
	rm -rf $(LOWEST)
	$(CLEAN) $(BIN)/python -m venv $(LOWEST)
	$(BIN)/python tools/lowest.py > $(LOWEST)/requirements.txt
	$(CLEAN) --install $(LOWEST)/bin/python -m pip install $(QUIETLY) -r $(LOWEST)/requirements.txt
	@rm -f dra/__pycache__/*.nb[ic]
	$(CLEAN) $(LOWEST)/bin/python -m pytest $(PARALLEL) --old-libraries tests/package
	@rm -f dra/__pycache__/*.nb[ic]

newest: ## run them, a chapter and the book with the newest versions of everything
	rm -rf $(NEWEST)
	$(NEWLY) $(PYTHON) -m venv $(NEWEST)
	$(NEWLY) $(PYTHON) tools/newest.py >$(NEWEST)/requirements.txt
	$(NEWLY) --install $(NEWEST)/bin/python -m pip install $(QUIETLY) --upgrade \
	  -r $(NEWEST)/requirements.txt
	@rm -f dra/__pycache__/*.nb[ic]
	$(NEWLY) $(NEWEST)/bin/python -m pytest $(PARALLEL) tests/package
	$(NEWLY) $(NEWEST)/bin/python tools/execute_chapters.py --check-only $(CHAPTER)
	@rm -f dra/__pycache__/*.nb[ic]
	$(NEWLY) $(NEWEST)/bin/jupyter-book build -W -n --keep-going --quiet --path-output $(NEWEST)/book .

mutants: $(STAMP) ## count how many small errors in the package its tests find (two hours)
	rm -rf $(MUTANTS)
	$(CLEAN) $(BIN)/python -m venv $(MUTANTS)
	$(CLEAN) --install $(MUTANTS)/bin/python -m pip install $(QUIETLY) cosmic-ray==8.7.0
	$(CLEAN) $(MUTANTS)/bin/python tools/mutants.py $(BIN)/python

# machine code cached by Numba notices a change of its own file only, so checks start without it
check: $(STAMP) ## run the unit tests, the chapters and the browser checks (needs a built book)
	@rm -f dra/__pycache__/*.nb[ic]
	$(CLEAN) $(BIN)/python -m pytest $(PARALLEL) $(NBVAL) -m "not long" \
	  --durations 25 --ignore tests/book/test_pdf.py tests book

studies: $(STAMP) ## run the scripts of all stored studies, small: do they still make their like?
	$(CLEAN) $(BIN)/python -m pytest -n $(JOBS) tests/repo/test_studies.py

chapter-check: $(STAMP) ## check the form of the chapters, without running them
	$(CLEAN) $(BIN)/python -m pytest -q tests/book/test_notebooks.py

exercises: $(STAMP) ## write the exercises of dra_exercises into the chapters
	$(CLEAN) $(BIN)/python tools/write_exercises.py

course: notebooks ## make notebooks of the exercises alone: to solve, solved, for nbgrader
	@rm -rf $(COURSE)
	$(CLEAN) PYTHONPATH="$$PWD" $(BIN)/python tools/reference_names.py
	$(CLEAN) PYTHONPATH="$$PWD:$$PWD/book/_ext" $(BIN)/python tools/course_notebooks.py $(COURSE)

chapter: $(STAMP) ## run one chapter, storing nothing: make chapter CHAPTER=04-gradient
	$(CLEAN) $(BIN)/python tools/execute_chapters.py --check-only $(CHAPTER)

chapters: $(STAMP) ## run all chapters and store their outputs
	$(CLEAN) $(BIN)/python tools/execute_chapters.py --jobs $(JOBS)

seeds: $(STAMP) ## run all chapters with other seeds; their claims must hold
	@set -e; for offset in $(SEEDS); do echo "seed offset $$offset"; \
	  $(CLEAN) DRA_SEED_OFFSET=$$offset \
	    $(BIN)/python tools/execute_chapters.py --check-only --jobs $(JOBS); done

processor: $(STAMP) ## run all chapters as on another processor; they must print the same
	$(CLEAN) PYTHONPATH="$$PWD:$$PWD/tools/other_processor" $(BIN)/python -m pytest $(PARALLEL) \
	  $(NBVAL) book

bench: $(STAMP) ## measure how fast the package is
	$(CLEAN) $(BIN)/python tools/bench.py

performance: $(STAMP) ## measure it for the book, and make its page again (on a quiet machine)
	$(CLEAN) $(BIN)/python tools/bench.py --store $(if $(RLBERRY),--rlberry $(RLBERRY))
	$(CLEAN) $(BIN)/python tools/execute_chapters.py performance

rename: $(STAMP) ## give a copy of the book another name: make rename TITLE="Blurred Memories"
	@TITLE='$(subst ','\'',$(TITLE))'; $(CLEAN) $(BIN)/python tools/rename.py "$$TITLE"
	$(CLEAN) $(BIN)/python tools/card.py

update: ## renew all versions, run everything, and show which printed numbers changed
	@git diff --quiet HEAD || { echo "Commit your changes first: this one is looked at alone."; exit 1; }
	$(PYTHON) -I tools/clean_env.py --install $(PYTHON) tools/renew_pins.py
	$(MAKE) $(STAMP) chapters
	$(CLEAN) $(BIN)/python tools/changed_numbers.py
	$(MAKE) test

format: $(STAMP) ## format the code, chapters included
	$(CLEAN) $(BIN)/ruff check --fix .
	$(CLEAN) $(BIN)/ruff format .

clean: ## delete what was built (and the environment), but not the folder notebooks
	rm -rf _build $(VENV) .pytest_cache .ruff_cache *.egg-info
	find dra dra_exercises tests tools book -name __pycache__ -type d -prune -exec rm -rf {} +
