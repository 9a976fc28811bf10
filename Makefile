# The daily commands. CI runs exactly `make test`.
.PHONY: setup up fix lint types rust python web test bench fuzz long faults screenshots reference
.DEFAULT_GOAL := up
# Where rustup puts cargo; a shell that was open before does not know it yet.
export PATH := $(PATH):$(HOME)/.cargo/bin
CHROMIUM := tools/needs.sh chromium "the page is tested in Chromium" chromium chromium-browser google-chrome
POSTGRESQL := tools/needs.sh postgresql "history is kept in PostgreSQL here" postgres /usr/lib/postgresql/*/bin/postgres
UV := .venv/bin/uv run --no-sync

setup:              ; @tools/setup.sh
up: setup           ; @.venv/bin/tickyard up
fix:                ; $(UV) ruff check --fix . && $(UV) ruff format . && cargo fmt && npm --prefix web run fix
lint: setup         ; $(UV) ruff check . && $(UV) ruff format --check . && $(UV) lint-imports && $(UV) deptry src && $(UV) python tools/tidy.py && .venv/bin/uv lock --check
types: setup        ; $(UV) mypy && $(UV) python -m mypy.stubtest tickyard._core
rust: setup         ; cargo fmt --check && cargo clippy --workspace --all-targets --locked -- -D warnings && cargo test --workspace --locked
python: setup       ; @$(CHROMIUM) && $(POSTGRESQL) && $(UV) pytest -n 2
web: setup          ; npm --prefix web run --silent check && npm --prefix web run --silent types && npm --prefix web test --silent
test: setup lint types rust python web
bench: setup        ; @$(CHROMIUM) && $(POSTGRESQL) && $(UV) python -m benchmarks
fuzz: setup         ; .venv/bin/uv sync -q --frozen --inexact --only-group fuzz && $(UV) python -m tests.fuzz all $(or $(SECONDS),60)
long: setup         ; $(UV) python -m tests.long
faults: setup       ; @$(POSTGRESQL) && $(UV) python -m tests.faults $(ONLY)
screenshots: setup  ; @$(CHROMIUM) && $(UV) python -m tools.screenshots
reference: setup   ; $(UV) python -m tools.reference
