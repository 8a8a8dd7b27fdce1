# Every target sets up what it needs: a .venv of the pinned, hashed requirements, and a Java where there is none.
# `make help` lists the targets.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# Any Python of 3.11 or later makes the environment, as in: make clean test PYTHON=python3.13
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
QUIETLY := --quiet --disable-pip-version-check
READY := $(VENV)/.requirements-installed
CODE := functions streak_core emulator tools testing tests main.py
BUNDLE := build/bundle
BUNDLED := main.py requirements.txt functions streak_core

# Should make be killed without a chance to pass it on, the program still gets its SIGTERM.
TETHERED := exec $(BIN)/python -I emulator/tether.py $$PPID $(BIN)/python
# A word of the caller's, whatever characters it has, as one word of the shell.
quoted = '$(subst ','\'',$(1))'
# A variable that is set, as an option: $(call option,PROJECT,project).
option = $(if $($(1)),--$(2)=$(call quoted,$($(1))))
dry_run = $(if $(filter-out 0,$(DRY_RUN)),--dry-run)

.PHONY: help run serve demo token test bench simulate chaos soak fuzz drill dashboard-preview check-config lint format audit pins bundle deploy deploy-monitoring rollback smoke clean java

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target text; do \
		printf '  make %-17s %s\n' "$$target" "$$text"; done

run: $(READY) java ## serve locally with demo users, and say what to try (PORT=8080)
	@$(TETHERED) -m emulator run

serve: $(READY) java ## serve all functions locally, without demo data (PORT=8080)
	@$(TETHERED) -m emulator serve

demo: $(READY) java ## live a git history as a streak (REPO=. AUTHOR=name ZONE=UTC BASE_URL=http://127.0.0.1:8080)
	@$(TETHERED) -m emulator demo $(if $(REPO),--repo=$(call quoted,$(REPO))) \
		$(if $(AUTHOR),--author=$(call quoted,$(AUTHOR))) $(if $(ZONE),--zone=$(call quoted,$(ZONE))) \
		$(if $(BASE_URL),--base-url=$(call quoted,$(BASE_URL)))

token: $(READY) ## print a token the local functions accept (UID=ada, ADMIN=1 for an admin)
	@exec $(BIN)/python -m emulator token --uid=$(call quoted,$(UID)) $(if $(filter-out 0,$(ADMIN)),--admin)

test: $(READY) java ## all tests; the pure part must be covered whole
	@exec $(BIN)/python -m pytest tests --cov --cov-report=term

bench: $(READY) java ## measure it all and write docs/performance.md, in a quarter of an hour (FIGURES="limit memory" for some)
	@$(TETHERED) -m tools.bench $(FIGURES)

simulate: $(READY) ## plan a day of 1, 10 and 100 million users, and write docs/scale.md
	@exec $(BIN)/python -m tools.simulate --write docs

chaos: $(READY) java ## lives under faults, judged by the model (SEED=1 FAULTS=1000; USER=36 plays one environment again)
	@$(TETHERED) -m tools.chaos $(call option,SEED,seed) $(call option,FAULTS,faults) \
		$(if $(filter command line,$(origin USER)),$(call option,USER,user))

soak: $(READY) java ## traffic while the job runs and workers are killed (SECONDS=60 SEED=1)
	@$(TETHERED) -m tools.chaos.soak $(call option,SECONDS,seconds) $(call option,SEED,seed)

fuzz: $(READY) java ## hostile requests at the served functions, each answer judged (N=50000 SEED=1 ONLY=number)
	@$(TETHERED) -m tools.fuzz --requests=$(or $(N),50000) $(call option,SEED,seed) $(call option,ONLY,only)

drill: $(READY) java ## bring the functions into trouble and see which alert fires when (needs Debian's package prometheus)
	@$(TETHERED) -m tools.monitoring.drill

dashboard-preview: $(READY) java ## the dashboard with the data of a local run, in build/dashboard.html (needs prometheus)
	@$(TETHERED) -m tools.monitoring.preview --output build/dashboard.html

lint: $(READY) ## ruff and mypy, strict, on everything
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)

format: $(READY) ## let ruff format and mend what it can
	$(BIN)/ruff check --fix-only $(CODE)
	$(BIN)/ruff format $(CODE)

audit: $(READY) ## ask the advisory database about the pinned packages (needs a network and pip-audit)
	@pip-audit --require-hashes -r requirements.txt

pins: ## write the hashed requirements anew (needs uv)
	@for each in requirements requirements-dev requirements-java; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
			--custom-compile-command "make pins" "$$each.in" -o "$$each.txt" || exit 1; done

bundle: ## what is deployed, in build/bundle
	@rm -rf $(BUNDLE) && mkdir -p $(BUNDLE) && cp -R $(BUNDLED) $(BUNDLE)
	@find $(BUNDLE) -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "$(BUNDLE)"

check-config: $(READY) ## judge the settings here as a function would, and try the database (PRODUCTION=1 JSON=1)
	@exec $(BIN)/python -m tools.check_config $(if $(filter-out 0,$(PRODUCTION)),--production) $(if $(filter-out 0,$(JSON)),--json)

deploy: $(READY) ## deploy to a project (PROJECT=… REGION=… DRY_RUN=1 to see the commands; docs/operations.md)
	@exec $(BIN)/python -m tools.deploy all $(call option,PROJECT,project) $(call option,REGION,region) \
		$(call option,SCHEDULE,schedule) $(call option,TIME_ZONE,time-zone) $(call option,FANOUT,fanout) \
		$(call option,CORS_ORIGINS,cors-origins) $(call option,ENV,env) $(call option,SECRETS,secrets) \
		$(call option,CANARY,canary) $(call option,NOTIFICATION_CHANNELS,notification-channels) \
		$(call option,TICKET_CHANNELS,ticket-channels) $(call option,PLAYBOOKS_URL,playbooks-url) \
		$(call option,STEP,step) $(call option,FROM,from) $(dry_run)

deploy-monitoring: $(READY) ## log metrics, alerts and dashboard alone (PROJECT=… DRY_RUN=1)
	@exec $(BIN)/python -m tools.monitoring.deploy $(call option,PROJECT,project) $(dry_run)

rollback: $(READY) ## all requests to the revision before (PROJECT=… REGION=… FUNCTION=streak TO=revision DRY_RUN=1)
	@exec $(BIN)/python -m tools.deploy rollback $(call option,PROJECT,project) $(call option,REGION,region) \
		$(call option,FUNCTION,function) $(call option,TO,to) $(dry_run)

smoke: $(READY) ## ask what is deployed whether it runs and is guarded (PROJECT=… REGION=…, or BASE_URL=…)
	@exec $(BIN)/python -m tools.deploy smoke $(call option,PROJECT,project) $(call option,REGION,region) \
		$(call option,BASE_URL,base-url)

clean: ## remove everything made here, the environment and the caches included
	rm -rf $(VENV) .cache build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# Set-up speaks on standard error, so that what `make token` prints is the token alone.
$(READY): requirements.txt requirements-dev.txt
	@set -e; exec >&2; \
	usable='import sys; sys.exit(sys.version_info < (3, 11))'; \
	python=; for each in $(if $(PYTHON),$(call quoted,$(PYTHON)),python3 python3.13 python3.12 python3.11); do \
		if "$$each" -c "$$usable" 2>/dev/null; then python=$$each; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "error: $(or $(PYTHON),python3) is missing or older than 3.11; name another: make PYTHON=python3.12 …"; exit 1; fi; \
	echo "setting up $(VENV) from requirements-dev.txt"; \
	if command -v uv >/dev/null; then \
		"$(BIN)/python" -c "$$usable" 2>/dev/null || uv venv --quiet --clear --python "$$python" $(VENV); \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
	else \
		"$(BIN)/python" -c "$$usable" 2>/dev/null || "$$python" -m venv --clear $(VENV); \
		"$(BIN)/python" -m pip --version >/dev/null 2>&1 || "$(BIN)/python" -m ensurepip; \
		"$(BIN)/python" -m pip install $(QUIETLY) --require-hashes -r requirements-dev.txt; \
	fi; \
	touch $@

java: $(READY)
	@exec >&2; $(BIN)/python -m emulator java 2>/dev/null && exit 0; \
	echo "no Java that is new enough: bringing one into $(VENV)"; \
	if command -v uv >/dev/null; then exec uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-java.txt; \
	else exec $(BIN)/python -m pip install $(QUIETLY) --require-hashes -r requirements-java.txt; fi
