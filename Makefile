# rso: train neural networks without gradients. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
PYTHON ?= python3

BIN := .build/release
# All, unless some are named.
CAMPAIGNS ?=
# Names of files in Experiments, and whether their full form is meant.
EXPERIMENTS ?=
FULL ?=
BUILD_OPTIONS := -c release --explicit-target-dependency-import-check error
TEST_OPTIONS := $(BUILD_OPTIONS) --disable-testable-imports
VENV := .build-venv
PYTORCH_VENV := .build-pytorch-venv
# Where shells look for completions, under PREFIX/share.
COMPLETIONS := bash-completion/completions fish/vendor_completions.d zsh/site-functions
BROWSER_VENV := .build-browser-venv
BENCHMARK_VENV := .build-benchmark-venv
PYTHON_VENV := .build-python-venv
SCIKIT_LEARN_VENV := .build-scikit-learn-venv
# More options of the comparison, such as --images.
SCIKIT_LEARN_OPTIONS ?=

# Debian packages: to build, and to check the files that rso writes with other people's readers.
BUILD_PACKAGES := libhdf5-dev zlib1g-dev libssl-dev libpng-dev libjpeg-dev pkg-config
CHECK_PACKAGES := liblapack3 ocl-icd-libopencl1 pocl-opencl-icd hdf5-tools librsvg2-bin fonts-dejavu-core fish zsh strace e2fsprogs gcc libc6-dev
# Those whose library is part of the program, without -dev; their notices are installed.
CONTAINED_PACKAGES := libhdf5 libaec libpng libjpeg62-turbo
# To run the kernels as a 64-bit ARM processor does, on another; and as OpenCL, on the processor.
KERNEL_PACKAGES := $(if $(filter aarch64,$(shell uname -m)),,\
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user) ocl-icd-libopencl1 pocl-opencl-icd

# The quickstart's run. Its directory is kept: a second `make quickstart` goes on where the first
# one stopped.
QUICKSTART_RUN := runs/quickstart
QUICKSTART_OPTIONS := --arch auto --cycles 5 --batch-size 125:1,250:2,500 \
  --batch-factors conv2:2,conv3:3,conv4:8,conv5:40,fc:40 --phase-samples 10000 --hold 16 \
  --layers forward --selection first --deviation-scale 1.5 --seed 1

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 29

.PHONY: quickstart
quickstart: build ## train on MNIST, or continue the training, and evaluate
	@if [ -d $(QUICKSTART_RUN) ]; then \
	  echo "rso resume $(QUICKSTART_RUN)"; \
	  $(BIN)/rso resume $(QUICKSTART_RUN); \
	else \
	  echo "rso train $(QUICKSTART_OPTIONS) -o $(QUICKSTART_RUN)"; \
	  $(BIN)/rso train $(QUICKSTART_OPTIONS) -o $(QUICKSTART_RUN); \
	fi
	@echo "rso eval $(QUICKSTART_RUN)"
	@$(BIN)/rso eval $(QUICKSTART_RUN)

.PHONY: clean-quickstart
clean-quickstart: ## delete the quickstart's run
	rm -rf $(QUICKSTART_RUN)

.PHONY: build
build: packages ## build the programs
	$(SWIFT) build $(BUILD_OPTIONS)
	@for verb in $$($(BIN)/rso --list-verbs); do ln -sf rso $(BIN)/rso-$$verb; done

# MPI of this machine, or of a cluster: MPICC=mpicc.mpich
MPICC ?= mpicc

.PHONY: mpi
mpi: build ## build what connects several processes, with MPICC (mpicc)
	@command -v $(firstword $(MPICC)) >/dev/null || .ci/install-packages libopenmpi-dev openmpi-bin
	$(MPICC) -std=c11 -O2 -fPIC -shared -o $(BIN)/librso-mpi.so Sources/CMPIShim/rso_mpi.c

.PHONY: check
check: lint check-packages build $(VENV)/.made ## lint, build and test everything
	$(MAKE) check-kernels
	@# An incremental build does not see that the layout of types behind RSO has changed.
	@touch Tests/RSOTests/*.swift
	$(call swift-test,$(VENV),--skip InPyTorch)
	Tests/Campaigns/run --tolerant

.PHONY: check-pytorch
check-pytorch: check-packages build $(PYTORCH_VENV)/.made ## run the tests that need PyTorch (1 GB)
	$(call swift-test,$(PYTORCH_VENV),--filter InPyTorch)

# Failures are printed again at the end, since the lines of one test stand far apart.
swift-test = RSO_PYTHON="$(CURDIR)/$(1)/bin/python" $(SWIFT) test $(TEST_OPTIONS) $(2) 2>&1 \
	  | tee $(BIN)/tests.log \
	  || { printf '\nwhat failed:\n'; grep -E '✘|: error:|Fatal error' $(BIN)/tests.log; exit 1; }

.PHONY: wheel
wheel: build $(PYTHON_VENV)/.made ## make the Python package with the program in it, in .build-wheel
	packaging/python/build-wheel $(PYTHON_VENV)/bin/python $(BIN)/rso .build-wheel

.PHONY: check-python
check-python: wheel ## test the Python package, with scikit-learn's checks of estimators
	$(call test-wheel,$(PYTHON_VENV),-n 2 -m "not torch")

.PHONY: check-python-torch
check-python-torch: wheel $(PYTORCH_VENV)/.made ## the tests of the Python package that need PyTorch (1 GB)
	$(PYTORCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check pytest
	$(call test-wheel,$(PYTORCH_VENV),-m torch packaging/python/tests/test_runs.py)

.PHONY: deb
deb: build ## make the Debian packages, in .build-deb, and check them with lintian
	@.ci/install-packages git debhelper dpkg-dev lintian
	packaging/build-deb $(BIN) .build-deb

.PHONY: dist
dist: build $(PYTHON_VENV)/.made ## make an archive that runs from any directory, in .build-dist
	packaging/build-dist $(BIN) $(PYTHON_VENV)/bin/python .build-dist

.PHONY: check-bytes
check-bytes: build $(PYTHON_VENV)/.made ## make all packages twice, and compare the bytes
	@.ci/install-packages git debhelper dpkg-dev lintian
	packaging/check-bytes $(BIN) $(PYTHON_VENV)/bin/python

.PHONY: bare-check
bare-check: deb wheel ## use rso on minimal Debian systems, from the packages and from the source; needs root
	@.ci/install-packages debootstrap qemu-user-static
	packaging/bare-check $(BIN) .build-bare $(QUICKSTART_OPTIONS)

# The wheel as users have it: what is tested is neither the source nor .build.
test-wheel = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall \
	  .build-wheel/rso-*.whl && \
	  cd $(CURDIR)/packaging/python && env -u RSO_PROGRAM PYTHONDONTWRITEBYTECODE=1 \
	  $(CURDIR)/$(1)/bin/python -m pytest -p no:cacheprovider $(patsubst packaging/python/%,%,$(2))

$(PYTHON_VENV)/.made: packaging/python/requirements.txt
	@.ci/install-packages git binutils \
	  $$($(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv)
	rm -rf $(PYTHON_VENV)
	$(PYTHON) -m venv $(PYTHON_VENV)
	$(PYTHON_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: check-mpi
check-mpi: build ## train on several ranks with Open MPI and MPICH, and kill some: KILLS=10
	@.ci/install-packages libopenmpi-dev openmpi-bin libmpich-dev mpich
	Tests/MPI/check --kills $(or $(KILLS),10) .build-mpi

.PHONY: check-slurm
check-slurm: build ## run the batch scripts of docs/examples/slurm under Slurm on this machine; needs root
	@.ci/install-packages libopenmpi-dev openmpi-bin slurm-wlm munge
	Tests/MPI/slurm .build-mpi

.PHONY: check-library
check-library: build ## use the library in another package, kill its runs, make its pages: KILLS=5
	Tests/Library/check $(BIN)/rso .build-library $(or $(KILLS),5)

.PHONY: check-browser
check-browser: build $(BROWSER_VENV)/.made ## look at reports and TensorBoard in Chromium; pictures in .build-browser
	@.ci/install-packages chromium fonts-dejavu-core
	$(BROWSER_VENV)/bin/python Tests/Browser/check $(BIN)/rso .build-browser

.PHONY: gallery
gallery: build $(BROWSER_VENV)/.made ## make the pictures of docs/gallery.md, and docs/history.svg; runs take minutes
	@.ci/install-packages chromium fonts-dejavu-core pngquant
	$(BROWSER_VENV)/bin/python Tests/Browser/gallery $(BIN)/rso .build-gallery docs

$(BROWSER_VENV)/.made: Tests/Browser/requirements.txt
	@.ci/install-packages $$($(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv)
	rm -rf $(BROWSER_VENV)
	$(PYTHON) -m venv $(BROWSER_VENV)
	$(BROWSER_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: check-kernels
check-kernels: ## compare the kernels of all instruction sets and of OpenCL bit for bit, NEON's under qemu
	@.ci/install-packages $(KERNEL_PACKAGES)
	Tests/Kernels/check "$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/clang" \
	  .build-kernels

.PHONY: benchmark
benchmark: build $(BENCHMARK_VENV)/.made ## compare with PyTorch, and write docs/results/speed.md
	$(BENCHMARK_VENV)/bin/python Benchmarks/pytorch_rso.py --rso $(BIN)/rso -o docs/results/speed.md

$(BENCHMARK_VENV)/.made: Benchmarks/requirements.txt
	@.ci/install-packages g++ \
	  $$($(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv)
	rm -rf $(BENCHMARK_VENV)
	$(PYTHON) -m venv $(BENCHMARK_VENV)
	$(BENCHMARK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: benchmark-toolkit
benchmark-toolkit: build $(PYTORCH_VENV)/.made ## measure inspect and diff on large files (6 GB), and write docs/results
	directory=$$(mktemp -d) && $(PYTORCH_VENV)/bin/python Benchmarks/toolkit.py --rso $(BIN)/rso \
	  -o docs/results/toolkit.md "$$directory" && rm -r "$$directory"
	$(PYTORCH_VENV)/bin/python Benchmarks/layouts.py --rso $(BIN)/rso -o docs/results/layouts.md

.PHONY: scikit-learn
scikit-learn: build $(SCIKIT_LEARN_VENV)/.made ## compare with scikit-learn, and write docs/results/scikit-learn.md
	$(SCIKIT_LEARN_VENV)/bin/python Benchmarks/scikit_learn.py --rso $(BIN)/rso \
	  -o docs/results/scikit-learn.md $(SCIKIT_LEARN_OPTIONS)

.PHONY: benchmark-objectives
benchmark-objectives: build $(SCIKIT_LEARN_VENV)/.made ## train for macro F1 and AUC beside scikit-learn, and write docs/results
	$(SCIKIT_LEARN_VENV)/bin/python Benchmarks/objectives.py --rso $(BIN)/rso -o docs/results/objectives.md

.PHONY: benchmark-reading
benchmark-reading: build $(SCIKIT_LEARN_VENV)/.made ## measure the reading of data beside numpy, h5py and pandas, and write docs/results
	$(SCIKIT_LEARN_VENV)/bin/python Benchmarks/reading.py --rso $(BIN)/rso -o docs/results/reading.md

.PHONY: benchmark-networks
benchmark-networks: build $(VENV)/.made ## time the steps of common networks, and write docs/results
	$(VENV)/bin/python Benchmarks/networks.py --rso $(BIN)/rso -o docs/results/networks.md

$(SCIKIT_LEARN_VENV)/.made: Benchmarks/requirements-scikit-learn.txt
	@.ci/install-packages $$($(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv)
	rm -rf $(SCIKIT_LEARN_VENV)
	$(PYTHON) -m venv $(SCIKIT_LEARN_VENV)
	$(SCIKIT_LEARN_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: experiments
experiments: build ## redo experiments of the paper, scaled: EXPERIMENTS="order table2" FULL=
	@[ -n "$(EXPERIMENTS)" ] || { echo 'name some: make experiments EXPERIMENTS="order table2"' >&2; exit 2; }
	Experiments/run --rso $(BIN)/rso $(if $(FULL),--full) $(EXPERIMENTS)

.PHONY: sgd
sgd: build $(BENCHMARK_VENV)/.made ## train the MNIST network by gradient descent in PyTorch
	$(BENCHMARK_VENV)/bin/python Benchmarks/sgd.py --rso $(BIN)/rso --epochs 5 \
	  -o docs/results/sgd-mnist-6conv.json

.PHONY: campaign
campaign: check-packages build ## run the campaigns in full, or some: CAMPAIGNS="kill signals"
	Tests/Campaigns/run --full $(CAMPAIGNS)

.PHONY: lint
lint: ## check the formatting and comments of the source, and the imports of each module
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	@command -v $(PYTHON) >/dev/null || .ci/install-packages python3
	$(PYTHON) .ci/check-imports
	@# A doc comment begins with the name of the thing.
	@! grep -rnE '^ */// (What|Where|How|Why|Whether|Nil)\b' Sources --include=*.swift

$(VENV)/.made: .ci/requirements.txt
$(PYTORCH_VENV)/.made: .ci/requirements-pytorch.txt .ci/requirements.txt
$(VENV)/.made $(PYTORCH_VENV)/.made: | check-packages
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.PHONY: packages check-packages
packages: ## install the Debian packages that the build needs, where missing
	@.ci/install-packages $(BUILD_PACKAGES)

check-packages:
	@.ci/install-packages $(BUILD_PACKAGES) $(CHECK_PACKAGES) \
	  $$($(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv)

.PHONY: install
install: $(BIN)/rso ## install under PREFIX (/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/libexec/rso" \
	  "$(DESTDIR)$(PREFIX)/share/man/man1" "$(DESTDIR)$(PREFIX)/share/man/man5" \
	  "$(DESTDIR)$(PREFIX)/share/man/man7" \
	  "$(DESTDIR)$(PREFIX)/share/doc/rso/examples/slurm" \
	  "$(DESTDIR)$(PREFIX)/share/doc/rso/examples/objectives" $(COMPLETIONS:%="$(DESTDIR)$(PREFIX)/share/%")
	install -s -m 755 $(BIN)/rso "$(DESTDIR)$(PREFIX)/bin/"
	for verb in $$($(BIN)/rso --list-verbs); do \
	  ln -sf ../../bin/rso "$(DESTDIR)$(PREFIX)/libexec/rso/rso-$$verb"; \
	done
	install -m 644 man/*.1 "$(DESTDIR)$(PREFIX)/share/man/man1/"
	install -m 644 man/*.5 "$(DESTDIR)$(PREFIX)/share/man/man5/"
	install -m 644 man/*.7 "$(DESTDIR)$(PREFIX)/share/man/man7/"
	if [ -f $(BIN)/librso-mpi.so ]; then \
	  install -s -m 755 $(BIN)/librso-mpi.so "$(DESTDIR)$(PREFIX)/libexec/rso/"; \
	fi
	install -m 644 LICENSE "$(DESTDIR)$(PREFIX)/share/doc/rso/"
	install -m 644 docs/examples/slurm/* "$(DESTDIR)$(PREFIX)/share/doc/rso/examples/slurm/"
	install -m 644 docs/examples/objectives/* "$(DESTDIR)$(PREFIX)/share/doc/rso/examples/objectives/"
	for package in $(CONTAINED_PACKAGES); do \
	  install -m 644 "/usr/share/doc/$$package-dev/copyright" \
	    "$(DESTDIR)$(PREFIX)/share/doc/rso/copyright-$$package"; \
	done
	$(BIN)/rso --generate-completion-script bash \
	  >"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/rso"
	$(BIN)/rso --generate-completion-script fish \
	  >"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/rso.fish"
	$(BIN)/rso --generate-completion-script zsh \
	  >"$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_rso"

.PHONY: install-mnist
install-mnist: ## install the MNIST files, 11 MB, under PREFIX
	install -d "$(DESTDIR)$(PREFIX)/share/rso/mnist"
	install -m 644 Fixtures/mnist/* "$(DESTDIR)$(PREFIX)/share/rso/mnist/"

# Installing does not build what is built already: `sudo make install` leaves .build to its owner.
$(BIN)/rso:
	$(MAKE) build

.PHONY: uninstall
uninstall: ## remove what these put under PREFIX
	rm -f "$(DESTDIR)$(PREFIX)/bin/rso" "$(DESTDIR)$(PREFIX)"/libexec/rso/rso-* \
	  "$(DESTDIR)$(PREFIX)/libexec/rso/librso-mpi.so"
	rm -f $(patsubst man/%,"$(DESTDIR)$(PREFIX)/share/man/man1/%",$(wildcard man/*.1)) \
	  $(patsubst man/%,"$(DESTDIR)$(PREFIX)/share/man/man5/%",$(wildcard man/*.5)) \
	  $(patsubst man/%,"$(DESTDIR)$(PREFIX)/share/man/man7/%",$(wildcard man/*.7))
	rm -f "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/rso" \
	  "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/rso.fish" \
	  "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_rso"
	rm -rf "$(DESTDIR)$(PREFIX)/share/rso" "$(DESTDIR)$(PREFIX)/share/doc/rso"
	rmdir "$(DESTDIR)$(PREFIX)/libexec/rso" 2>/dev/null || true
