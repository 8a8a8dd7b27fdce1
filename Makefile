# Every target sets up what it needs: a .venv of the pinned, hashed requirements, and a Java where there is none.
# `make help` lists the targets.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# Case is made alike everywhere: where i is not the small I, as in Turkish, names in JSON come out wrong.
export LC_ALL := C.UTF-8

# Any Python of 3.11 or later makes the environment, as in: make test PYTHON=python3.13
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.txt
# How `python -m emulator java` says that there is none.
NO_JAVA := 3
CODE := functions streak_core emulator tools testing tests main.py
BUNDLE := build/bundle
BUNDLED := main.py requirements.txt functions streak_core
# A Python of which years are left: of 3.11, Google's libraries warn from July 2027 on.
DEPLOYED_PYTHON := 3.13

# Each worker has an emulator and served functions of its own; one that is done takes tests from another.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal
PURE_TESTS := tests/unit/domain tests/unit/test_responses.py

# Should make be killed without a chance to pass it on, the program still gets its SIGTERM.
TETHERED := exec $(BIN)/python -I emulator/tether.py $$PPID $(BIN)/python
# A word of the caller's, whatever characters it has, as one word of the shell.
quoted = '$(subst ','\'',$(1))'
# What make itself was given on its command line, each as one word NAME=value; the program judges the names.
given = $(foreach name,$(filter-out PYTHON,$(.VARIABLES)),$(if $(findstring command line,$(origin $(name))),$(call quoted,$(name)=$($(name)))))
# A variable that is set, as an option: $(call option,PROJECT,project).
option = $(if $($(1)),--$(2)=$(call quoted,$($(1))))

.PHONY: help setup run serve demo token check test lint format bench chaos fuzz drill restore-drill web client screenshots check-config openapi judges pins bundle adopt deploy firebase deploy-monitoring rollback smoke clean java node web-tools

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target text; do \
		printf '  make %-17s %s\n' "$$target" "$$text"; done

run: setup java ## serve locally with demo users, and say what to try (PORT=8080 or the next that is free, FIRESTORE_PORT=any, PROJECT=demo-streak)
	@$(TETHERED) -m emulator run

serve: setup java ## serve all functions locally, without demo data (PORT=… FIRESTORE_PORT=… PROJECT=…)
	@$(TETHERED) -m emulator serve

demo: setup java ## live a git history as a streak (REPO=. AUTHOR=name ZONE=UTC BASE_URL=http://127.0.0.1:8080 PROJECT=demo-streak)
	@$(TETHERED) -m emulator demo $(if $(REPO),--repo=$(call quoted,$(REPO))) \
		$(if $(AUTHOR),--author=$(call quoted,$(AUTHOR))) $(if $(ZONE),--zone=$(call quoted,$(ZONE))) \
		$(if $(BASE_URL),--base-url=$(call quoted,$(BASE_URL)))

token: setup ## print a token the local functions accept (UID=ada, ADMIN=1 or SUPPORT=1 for a claim, TTL=60 for one that expires in a minute, PROJECT=demo-streak)
	@exec $(BIN)/python -m emulator token --uid=$(call quoted,$(UID)) $(if $(filter-out 0,$(ADMIN)),--admin) $(if $(filter-out 0,$(SUPPORT)),--support) $(call option,TTL,ttl)

check: lint ## before every commit: lint, types and unit tests, with fewer examples than in make test
	@exec $(PYTEST) tests/unit

# What decides is covered by plain tests: a line that only random lives reach would be tested by chance.
test: setup java ## all tests, and every example of theirs; the pure part must be covered whole (WORKERS=2)
	@$(PYTEST) -m "not hypothesis" --cov --cov-report=term $(PURE_TESTS)
	@exec $(PYTEST) --hypothesis-profile=full --durations=25 --durations-min=5 tests

bench: setup java ## measure it all and write docs/performance.md, in about an hour (FIGURES="limit memory" for some)
	@$(TETHERED) -m tools.bench $(FIGURES)

chaos: setup java ## lives under faults, judged by the model (SEED=1 FAULTS=1000; USER=36 plays one environment again)
	@$(TETHERED) -m tools.chaos $(call option,SEED,seed) $(call option,FAULTS,faults) \
		$(if $(filter command line,$(origin USER)),$(call option,USER,user))

fuzz: setup java ## hostile requests at the served functions, each answer judged (N=50000 SEED=1 ONLY=number)
	@$(TETHERED) -m tools.fuzz --requests=$(or $(N),50000) $(call option,SEED,seed) $(call option,ONLY,only)

drill: setup java ## bring the functions into trouble and see which alert fires when (needs Debian's package prometheus)
	@$(TETHERED) -m tools.monitoring.drill

restore-drill: setup java ## back up lives while they are lived, lose them, restore them, and ask everybody (USERS=50 SEED=1)
	@$(TETHERED) -m tools.restore_drill $(call option,USERS,users) $(call option,SEED,seed)

web: web-tools java ## client, elements and pages: types, on Node, in Chromium; five times the lives of make test (LIVES=200)
	@CLIENT_LIVES=$(or $(LIVES),200) exec $(PYTEST) --hypothesis-profile=full tests/web

client: setup ## write what the client knows of openapi.yaml anew
	@exec $(BIN)/python -m tools.client_contract

screenshots: node java ## a picture of each element in its states and of the pages, in build/screenshots (needs Chromium)
	@$(TETHERED) -m tools.screenshots

lint: setup ## ruff and mypy, strict, on everything
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)

format: setup ## let ruff format and mend what it can
	$(BIN)/ruff check --fix-only $(CODE)
	$(BIN)/ruff format $(CODE)

openapi: setup ## render what openapi.yaml has of the policy and the code (POLICY=mine.toml prints it for a policy of yours)
	@exec $(BIN)/python -m tools.openapi $(call option,POLICY,policy)

judges: java node ## take openapi.yaml to the generators and linters that apps use, of the versions in tools/openapi/judges
	@exec $(BIN)/python -m tools.openapi.judges

pins: ## write the hashed requirements anew from pyproject.toml (UPGRADE=1 for the newest versions; needs uv)
	@python3 -m tools.pins $(if $(filter-out 0,$(UPGRADE)),--upgrade)

bundle: ## what is deployed, in build/bundle
	@rm -rf $(BUNDLE) && mkdir -p $(BUNDLE) && cp -R $(BUNDLED) $(BUNDLE)
	@echo "web: functions-framework" >$(BUNDLE)/Procfile && echo $(DEPLOYED_PYTHON) >$(BUNDLE)/.python-version
	@find $(BUNDLE) -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "$(BUNDLE)"

check-config: setup ## judge the settings here as a function would, and try the database (PRODUCTION=1 JSON=1)
	@exec $(BIN)/python -m tools.check_config $(if $(filter-out 0,$(PRODUCTION)),--production) $(if $(filter-out 0,$(JSON)),--json)

adopt: setup ## look at a project before anything is deployed, and begin its settings file (PROJECT=… REGION=… DRY_RUN=1 to write no file)
	@exec $(BIN)/python -m tools.deploy adopt $(given)

deploy: setup ## deploy to a project (PROJECT=… REGION=… DRY_RUN=1 to see the commands; docs/operations.md)
	@exec $(BIN)/python -m tools.deploy all $(given)

firebase: setup ## what the firebase CLI deploys or emulates, in build/firebase (EMULATORS=1; docs/operations.md)
	@exec $(BIN)/python -m tools.deploy firebase $(given)

deploy-monitoring: setup ## what monitoring/ declares, alone, showing what differs (PROJECT=… REGION=… YES=1 PRUNE=1; DRY_RUN=1, with gcloud logged in)
	@exec $(BIN)/python -m tools.deploy monitoring $(given)

rollback: setup ## all requests to the revision before (PROJECT=… REGION=… FUNCTION=streak TO=revision; DRY_RUN=1, with gcloud logged in)
	@exec $(BIN)/python -m tools.deploy rollback $(given)

smoke: setup ## ask what is deployed whether it runs and is guarded (PROJECT=… REGION=…, or BASE_URL=…)
	@exec $(BIN)/python -m tools.deploy smoke $(given)

clean: ## remove everything made here, the environment and the caches included
	rm -rf $(VENV) .cache build web/client/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# Set-up speaks on standard error, so that what `make token` prints is the token alone.
setup: ## make .venv what requirements-dev.txt says; every target does so by itself
	@exec >&2; why=; \
	if [ -x $(BIN)/python ]; then \
		why=$$($(BIN)/python -I tools/environment.py check $(VENV) $(LOCK) $(call quoted,$(PYTHON))) && exit 0; fi; \
	usable='import sys; sys.exit(sys.version_info < (3, 11))'; \
	python=; for each in $(if $(PYTHON),$(call quoted,$(PYTHON)),python3 python3.14 python3.13 python3.12 python3.11); do \
		if "$$each" -c "$$usable" 2>/dev/null; then python=$$each; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "error: $(or $(PYTHON),python3) is missing or older than 3.11; name another: make PYTHON=python3.12 …"; exit 1; fi; \
	echo "setting up $(VENV) from $(LOCK)$${why:+: $$why}"; \
	exec "$$python" -I tools/environment.py make $(VENV) $(LOCK)

java: setup
	@exec >&2; why=$$($(BIN)/python -m emulator java 2>&1) && exit 0; \
	if [ $$? -ne $(NO_JAVA) ]; then echo "$$why"; exit 1; fi; \
	echo "no Java that is new enough: bringing one into $(VENV)"; \
	exec $(BIN)/python -I tools/environment.py install $(VENV) requirements-java.txt

node: setup
	@exec >&2; [ -x $(BIN)/npm ] && $(BIN)/python -c 'import playwright' 2>/dev/null && exit 0; \
	echo "bringing Node and Playwright into $(VENV)"; \
	exec $(BIN)/python -I tools/environment.py install $(VENV) requirements-web.txt

web-tools: node
	@exec >&2; if ! cmp -s web/client/package-lock.json web/client/node_modules/made-for.json; then \
		echo "bringing the client's tools into web/client/node_modules"; \
		PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/npm ci --prefix web/client --silent && \
			cp web/client/package-lock.json web/client/node_modules/made-for.json; fi
