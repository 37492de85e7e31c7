# runlens: every act of a working day. `make` alone lists them.
.DELETE_ON_ERROR:
.PHONY: help demo test check bench soak dev web env format wheel pytest vitest browser fuzz tools clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_LOGDIR ?= logs/demo
DEMO_PORT ?= 6006
FUZZ_SECONDS ?= 30
SOAK_SECONDS ?= 600

KERNEL := CMakeLists.txt $(shell find kernel -type f)
WEB := web/index.html web/vite.config.ts web/package-lock.json $(shell find web/src web/public -type f 2>/dev/null)
PAGE := src/runlens/static/index.html

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

demo: $(VENV)/.runlens $(PAGE)  ## build all, write a demo logdir that grows, and view it
	@$(BIN)/python examples/demo.py $(DEMO_LOGDIR) & writer=$$!; trap "kill $$writer 2>/dev/null" EXIT INT TERM; \
	$(BIN)/runlens --logdir=$(DEMO_LOGDIR) $(if $(DEMO_PORT:6006=),--port=$(DEMO_PORT))

test: pytest vitest browser fuzz  ## everything the tests need, then all tests

pytest: $(VENV)/.runlens $(VENV)/.peers $(PAGE)  ## the Python tests
	$(BIN)/pytest

vitest: web/node_modules/.installed  ## the page's unit tests
	cd web && npm test

browser: $(VENV)/.runlens $(PAGE) tools  ## the page in Chromium on the real server
	cd web && npm run browser

fuzz: tools  ## the kernel under libFuzzer with sanitizers, the scanner for FUZZ_SECONDS
	cmake -S . -B build/fuzz -DCMAKE_CXX_COMPILER=clang++ -DRUNLENS_FUZZ=ON -DRUNLENS_PYTHON=OFF -DRUNLENS_WEB=OFF \
	  -DRUNLENS_STRICT=ON > /dev/null
	cmake --build build/fuzz > /dev/null
	mkdir -p build/fuzz/corpus
	@build/fuzz/scan_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=600 -timeout=10 -artifact_prefix=build/fuzz/ \
	  build/fuzz/corpus kernel/fuzz/seeds tests/data > build/fuzz/log 2>&1 || { tail -n 60 build/fuzz/log; exit 1; }
	@tail -n 1 build/fuzz/log
	@build/fuzz/histogram_fuzz -runs=20000 -artifact_prefix=build/fuzz/ > build/fuzz/log 2>&1 || { tail -n 60 build/fuzz/log; exit 1; }
	@tail -n 1 build/fuzz/log
	@build/fuzz/buckets_fuzz -runs=100000 -artifact_prefix=build/fuzz/ > build/fuzz/log 2>&1 || { tail -n 60 build/fuzz/log; exit 1; }
	@tail -n 1 build/fuzz/log
	@build/fuzz/read_tsv_fuzz -runs=1000000 -artifact_prefix=build/fuzz/ > build/fuzz/log 2>&1 || { tail -n 60 build/fuzz/log; exit 1; }
	@tail -n 1 build/fuzz/log

check: $(VENV)/.runlens $(VENV)/.peers web/node_modules/.installed  ## formatting, lint and types of both languages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd web && npm run --silent check

format:  ## format both languages
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	cd web && npm run --silent format

bench: $(VENV)/.runlens $(VENV)/.peers $(PAGE)  ## the table of ratios in benchmarks/README.md
	$(BIN)/python -m benchmarks.run

soak: $(VENV)/.runlens $(PAGE)  ## memory of a viewer over SOAK_SECONDS of a growing logdir
	$(BIN)/python -m benchmarks.soak $(SOAK_SECONDS)

dev: $(VENV)/.runlens web/node_modules/.installed  ## a growing logdir, the server with reload, and Vite
	@trap 'kill 0' EXIT; $(BIN)/python examples/demo.py $(DEMO_LOGDIR) & \
	$(BIN)/watchfiles --filter python '$(BIN)/runlens --logdir=$(DEMO_LOGDIR) --port=6006' src & \
	cd web && npm run dev

web: $(PAGE)  ## build the page
wheel: $(VENV)/.runlens  ## a wheel in dist/
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .
env: $(VENV)/.runlens $(VENV)/.peers  ## the Python environment, all of it

clean:  ## remove everything that was built
	rm -rf build dist $(VENV) web/node_modules src/runlens/static logs

# --- what the above are made of ---

# Stamps, so that a second `make test` starts at once.
$(VENV)/.pip: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt pip scikit-build-core nanobind
	@touch $@

$(VENV)/.runlens: $(VENV)/.pip pyproject.toml $(KERNEL)
	$(BIN)/pip install --quiet --constraint constraints.txt --no-build-isolation --editable . \
	  --config-settings=cmake.define.RUNLENS_STRICT=ON --config-settings=cmake.define.RUNLENS_WEB=OFF
	@touch $@

$(VENV)/.peers: $(VENV)/.pip pyproject.toml
	$(BIN)/pip install --quiet --constraint constraints.txt --group check --group test --group peers
	@touch $@

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): web/node_modules/.installed $(WEB)
	cd web && npm run --silent build

# Debian's Chromium and clang with its sanitizers; installed where they are missing and we may.
tools:
	@command -v chromium > /dev/null && command -v clang++ > /dev/null && \
	  ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a > /dev/null 2>&1 || \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends chromium clang libclang-rt-14-dev fonts-noto-cjk > /dev/null; } || \
	{ echo "These tests need chromium, clang and libclang-rt-14-dev: apt-get install them as root." >&2; exit 1; }
