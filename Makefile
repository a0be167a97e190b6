# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl: `make help` lists the targets. Everything made is below build/.

VERSION := 0.1.0
O       := build

CFLAGS  ?= -O2 -g
WARN    := -std=gnu11 -Wall -Wextra $(WERROR) -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wwrite-strings -Wvla
CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DROOTOVL_VERSION='"$(VERSION)"' -I. -I$(O)
SAN     := # set to the sanitizers that the objects below $(O) are made with
SANFLAGS = $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CFLAGS = $(CFLAGS) $(WARN) $(SANFLAGS) -MMD -MP

PREFIX  ?= /usr
DESTDIR ?=

# Folders of other programs: where these say, if we are installed beside them, else below PREFIX.
beside = $(if $(filter /usr,$(PREFIX)),$(shell pkg-config --variable=$(1) $(2) 2>/dev/null))
UNITDIR     := $(or $(UNITDIR),$(call beside,systemdsystemunitdir,systemd),$(PREFIX)/lib/systemd/system)
SYSUSERSDIR := $(or $(SYSUSERSDIR),$(call beside,sysusersdir,systemd),$(PREFIX)/lib/sysusers.d)
DRACUTDIR   := $(or $(DRACUTDIR),$(call beside,dracutmodulesdir,dracut),$(PREFIX)/lib/dracut/modules.d)
SYSCONFDIR  ?= /etc
DOCDIR      ?= $(PREFIX)/share/doc

# `make lint` sets it to -Werror: a warning of a later compiler must not keep a user from building.
WERROR  ?=

# How many compilers run at once before the tests, the demo and the bench begin.
JOBS    := $(shell nproc)

# One short line for each thing made; `make V=1` shows the commands.
say = @$(if $(V),set -x;,printf '  %-5s %s\n' $(1) $@;)

pkg = $(shell pkg-config --cflags --libs $(1) 2>/dev/null)

COMMON_SRC  := $(wildcard src/common/*.c)
ROOTOVL_SRC := $(filter-out src/rootovl/booted/main.c,$(wildcard src/rootovl/*/*.c))
FETCH_SRC   := $(filter-out src/fetch/main.c,$(wildcard src/fetch/*.c))
INITRD_SRC  := $(wildcard $(addprefix initrd-builder/,$(addsuffix /*.c,base root read write)))
BUILDER_SRC := $(wildcard $(addprefix initrd-builder/,$(addsuffix /*.c,build watch commands)))
VERITY_SRC  := $(filter-out src/verity/main.c,$(wildcard src/verity/*.c))
TESTBOX_SRC := $(wildcard src/testbox/*/*.c)

obj = $(patsubst %.c,$(O)/obj/%.o,$(1))

ROOTOVL_LIBS = $(call pkg,mount blkid libkmod jansson)
FETCH_LIBS   = $(call pkg,libcurl libcrypto)
VERITY_LIBS  = $(call pkg,libcryptsetup devmapper libcrypto)
INITRD_LIBS  = $(call pkg,libarchive jansson zlib liblzma libzstd liblz4 yaml-0.1) -lbz2 -llzo2
BUILDER_LIBS = $(call pkg,libkmod libcrypto)
TESTBOX_LIBS = $(call pkg,mount libcurl libwebsockets jansson yaml-0.1 libcrypto libarchive libcrypt) -lslirp

PROGRAMS := $(O)/rootovl $(O)/rootovl-booted $(O)/rootovl-fetch $(O)/rootovl-verity $(O)/initrd-builder \
	$(O)/testbox $(O)/payload.conf $(O)/defer.conf

UNIT_TESTS  := $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(shell find tests/unit -name '*.c'))
ROOT_DRIVERS := $(patsubst tests/root/%.c,$(O)/tests/root/%,$(shell find tests/root -name '*.c'))
# What runs inside the machines of the tests, or around other programs, and so without sanitizers.
GUEST_PROGRAMS := $(O)/tests/root/rootovl/disk/disks $(O)/tests/lib/guest/kill-at $(O)/tests/lib/guest/unpacked \
	$(O)/tests/lib/guest/old-kernel $(O)/tests/root/rootovl/lower/mounts $(O)/tests/bench/delay
FUZZERS     := $(patsubst tests/fuzz/%.c,build/fuzz/tests/fuzz/%,$(wildcard tests/fuzz/*.c))

.PHONY: all
all: $(PROGRAMS) ## build the programs

$(O)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c $< -o $@

# Debug information and assertions name no folder of the machine that builds.
ALL_CFLAGS += -ffile-prefix-map=$(CURDIR)=.

# What a container is made of; initrd-builder takes no other.
INPUTS := $(sort $(shell find src/common src/rootovl src/fetch src/verity modules.d container -type f ! -name '*.md') \
	initrd-builder/lean.conf initrd-builder/userspace.sh Makefile)
$(call obj,initrd-builder/build/containers.c): $(O)/inputs.h
$(O)/inputs.h: $(INPUTS)
	@mkdir -p $(@D)
	$(call say,GEN) echo "#define ROOTOVL_INPUTS \"$$(container/inputs)\"" >$@

$(O)/librootovl.a: $(call obj,$(ROOTOVL_SRC))
$(O)/libfetch.a: $(call obj,$(FETCH_SRC))
$(O)/libverity.a: $(call obj,$(VERITY_SRC))
# Reading and writing initrds, of which testbox uses some.
$(O)/libinitrd.a: $(call obj,$(INITRD_SRC))
$(O)/libbuilder.a: $(call obj,$(BUILDER_SRC))
$(O)/libtestbox.a: $(call obj,$(TESTBOX_SRC))
$(O)/libcommon.a: $(call obj,$(COMMON_SRC))
$(O)/%.a:
	@rm -f $@
	$(call say,AR) $(AR) rcs $@ $^

$(O)/rootovl: $(call obj,src/rootovl/main.c) $(O)/librootovl.a $(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(ROOTOVL_LIBS) -o $@

# What booted roots get: of any distribution, so it is static. It is installed as rootovl-report.
$(O)/rootovl-booted: $(call obj,src/rootovl/booted/main.c) $(O)/librootovl.a $(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -static $^ -o $@

# Only images that fetch their root over HTTP have it.
$(O)/rootovl-fetch: $(call obj,src/fetch/main.c) $(O)/libfetch.a $(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(FETCH_LIBS) -o $@

# Only images with a root that is checked by dm-verity have it.
$(O)/rootovl-verity: $(call obj,src/verity/main.c) $(O)/libverity.a $(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(VERITY_LIBS) -o $@

# Beside the program, where it looks first.
TABLES = $(foreach dir,$(O) $(O)/tests/root/rootovl/boot $(O)/tests/root/rootovl/lower,\
	$(dir)/payload.conf $(dir)/defer.conf)
$(filter %/payload.conf,$(TABLES)): src/rootovl/payload.conf
	@mkdir -p $(@D)
	cp $< $@
$(filter %/defer.conf,$(TABLES)): src/rootovl/defer.conf
	@mkdir -p $(@D)
	cp $< $@

$(O)/initrd-builder: $(call obj,initrd-builder/main.c) $(O)/libbuilder.a $(O)/libinitrd.a $(O)/librootovl.a \
		$(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(BUILDER_LIBS) $(INITRD_LIBS) -o $@

# testbox plans a kernel line as the machine would, and looks at initrds: of librootovl it is linked with what
# that needs.
$(O)/testbox: $(call obj,src/testbox/main.c) $(O)/libtestbox.a $(O)/libinitrd.a $(O)/librootovl.a $(O)/libcommon.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(TESTBOX_LIBS) $(INITRD_LIBS) -o $@

# The scripts of the shells, made from the programs' own tables.
COMPLETIONS = $(foreach shell,bash zsh fish,$(addprefix $(O)/completion/$(shell)/,rootovl initrd-builder testbox))
define completion_rule
$(O)/completion/$(1)/%: $(O)/%
	@mkdir -p $$(@D)
	$$(call say,GEN) $$< --completion $(1) >$$@
endef
$(foreach shell,bash zsh fish,$(eval $(call completion_rule,$(shell))))

# The tests see everything; what one does not use is not linked to it.
TEST_ARCHIVES = $(O)/libfetch.a $(O)/libverity.a $(O)/libtestbox.a $(O)/libbuilder.a $(O)/libinitrd.a $(O)/librootovl.a \
	$(O)/libcommon.a
TEST_LIBS = -Wl,--as-needed $(ROOTOVL_LIBS) $(FETCH_LIBS) $(VERITY_LIBS) $(TESTBOX_LIBS) $(BUILDER_LIBS) $(INITRD_LIBS)

$(O)/tests/unit/%: $(O)/obj/tests/unit/%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(TEST_LIBS) $(call pkg,cmocka) -o $@

$(O)/tests/lib/guest/%: tests/lib/guest/%.c
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -static $< -o $@

$(O)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -static $< -o $@

$(O)/tests/root/%: $(O)/obj/tests/root/%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(TEST_LIBS) -o $@

$(O)/tests/fuzz/%: $(O)/obj/tests/fuzz/%.o $(O)/obj/tests/lib/fuzz-work.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -Wl,--wrap=LLVMFuzzerTestOneInput $(LDFLAGS) $^ $(TEST_LIBS) -o $@

# Every source and test, compiled and not linked: what `make lint` asks of each compiler.
.PHONY: objects
objects: $(call obj,$(shell find src initrd-builder tests -name '*.c'))

# What the unit and root tiers run: everything under the address and undefined-behaviour sanitizers.
.PHONY: test-programs test-programs-here
test-programs:
	@$(MAKE) -s O=build/asan SAN=address,undefined CFLAGS='-O1 -g' test-programs-here
test-programs-here: $(UNIT_TESTS) $(ROOT_DRIVERS) $(O)/rootovl $(O)/rootovl-fetch $(O)/rootovl-verity \
                    $(O)/initrd-builder $(O)/testbox $(TABLES)

# The same, but counting the lines that run.
.PHONY: coverage
coverage: ## run the unit and root tests, and show how many lines of each folder ran; TIER and ONLY narrow them
	@tests/lib/packages check
	@$(MAKE) -s -j$(JOBS) all $(GUEST_PROGRAMS)
	@$(MAKE) -s O=build/coverage build/coverage/obj/tests/lib/coverage.o
	@$(MAKE) -s O=build/coverage CFLAGS='-O0 -g --coverage' \
		LDFLAGS='-Wl,--wrap=_exit build/coverage/obj/tests/lib/coverage.o' -j$(JOBS) test-programs-here
	@TIER='$(TIER)' ONLY='$(ONLY)' tests/lib/own-root tests/coverage

.PHONY: fuzzers
fuzzers:
	@$(MAKE) -s O=build/fuzz CC=clang SAN=address,undefined,fuzzer-no-link \
		CFLAGS='-O1 -g' $(FUZZERS)

.PHONY: deps
deps: ## install the packages that the programs need
	@tests/lib/packages demo

.PHONY: demo
demo: ## boot a Debian root over CIFS in QEMU and run a job in it
	@tests/lib/packages demo
	@$(MAKE) -s -j$(JOBS) all
	@tests/lib/own-root tests/demo

.PHONY: check
check: ## run the tests; TIER=unit|root|vm and ONLY=PATTERN narrow them
	@tests/lib/packages $(if $(ALL),slow,check)
	@$(MAKE) -s -j$(JOBS) all test-programs fuzzers $(GUEST_PROGRAMS)
	@TIER='$(TIER)' ONLY='$(ONLY)' tests/lib/own-root tests/check

.PHONY: check-all
check-all: ## the same, and the slow tests
	@ALL=1 $(MAKE) -s check

FUZZ_SECONDS ?= 600
.PHONY: fuzz
fuzz: ## run every fuzzer, FUZZ_SECONDS each
	@tests/lib/packages check
	@$(MAKE) -s -j$(JOBS) fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) TIER=unit ONLY=fuzz/ tests/lib/own-root tests/check

.PHONY: bench
bench: ## measure it beside the baseline; ONLY='NAME…' and PAIRS=N narrow it
	@tests/lib/packages bench
	@$(MAKE) -s -j$(JOBS) all $(O)/tests/bench/guest/memory $(O)/tests/bench/delay
	@PAIRS='$(PAIRS)' ONLY='$(ONLY)' tests/lib/own-root tests/bench/run

.PHONY: matrix
matrix: ## boot every suite, architecture and kind of lower, and write docs/matrix.md; ONLY=REGEX narrows it
	@tests/lib/packages slow
	@$(MAKE) -s -j$(JOBS) all
	@ONLY='$(ONLY)' tests/lib/own-root tests/matrix/run

.PHONY: lint
lint: ## format, static checks, shell checks, rules of the house, warnings of gcc and clang
	@tests/lib/packages lint
	@tests/lint

.PHONY: container
container: ## make the container that images are built in; ENGINE=docker|podman|buildah ARCH=arm64 ROOTOVL_BASE=IMAGE|TREE
	@container/make "$(ENGINE)" "$(ARCH)"

# What is installed, each SOURCE:TARGET; a program where SOURCE is one.
# First what goes into images: all that a container needs.
LIBDIR = $(PREFIX)/lib/rootovl
USERSPACE_FILES = \
	$(foreach program,rootovl rootovl-fetch rootovl-verity,$(O)/$(program):$(LIBDIR)/$(program)) \
	$(O)/rootovl-booted:$(LIBDIR)/rootovl-report \
	src/rootovl/payload.conf:$(LIBDIR)/payload.conf \
	src/rootovl/defer.conf:$(LIBDIR)/defer.conf \
	initrd-builder/lean.conf:$(LIBDIR)/lean.conf \
	initrd-builder/userspace.sh:$(LIBDIR)/userspace \
	$(foreach file,$(wildcard modules.d/*/*),$(file):$(DRACUTDIR)/$(file:modules.d/%=%))
UNITS = $(UNITDIR)/initrd-builder-watch@.service $(UNITDIR)/testbox@.service
DOCS = README.md NEWS.md SECURITY.md $(wildcard docs/*.md docs/*.svg docs/design/*.md docs/failures/*.md)
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
EXAMPLES = $(wildcard docs/pxe/* docs/servers/* docs/reports/*)
HOST_FILES = \
	$(O)/initrd-builder:$(PREFIX)/bin/initrd-builder \
	$(O)/testbox:$(PREFIX)/bin/testbox \
	initrd-builder/initrd-builder-watch@.service:$(UNITDIR)/initrd-builder-watch@.service \
	src/testbox/testbox@.service:$(UNITDIR)/testbox@.service \
	src/testbox/testbox.sysusers:$(SYSUSERSDIR)/testbox.conf \
	src/testbox/vm-2p8g.yaml:$(DOCDIR)/testbox/hosts/vm-2p8g.yaml \
	$(foreach program,rootovl initrd-builder testbox, \
		$(O)/completion/bash/$(program):$(PREFIX)/share/bash-completion/completions/$(program) \
		$(O)/completion/zsh/$(program):$(ZSHDIR)/_$(program) \
		$(O)/completion/fish/$(program):$(PREFIX)/share/fish/vendor_completions.d/$(program).fish) \
	$(foreach file,$(DOCS) $(EXAMPLES),$(file):$(DOCDIR)/rootovl/$(file)) \
	$(foreach page,$(wildcard man/*),$(page):$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))

put = @for file in $(1); do \
	install -D -m $$(test -x $${file%%:*} && echo 755 || echo 644) $${file%%:*} $(DESTDIR)$${file\#*:} || exit; done

.PHONY: install-userspace
install-userspace: $(O)/rootovl $(O)/rootovl-booted $(O)/rootovl-fetch $(O)/rootovl-verity
	$(call put,$(USERSPACE_FILES))

.PHONY: install
install: all $(COMPLETIONS) install-userspace ## install to DESTDIR/PREFIX (/usr)
	$(call put,$(HOST_FILES))
	sed -i 's,/usr/bin/,$(PREFIX)/bin/,; s,/etc/default/,$(SYSCONFDIR)/default/,' $(addprefix $(DESTDIR),$(UNITS))
	mkdir -p $(DESTDIR)$(PREFIX)/bin
	ln -sf ../lib/rootovl/rootovl $(DESTDIR)$(PREFIX)/bin/rootovl

# Folders of ours go where they are empty; those that others use too stay.
OWN_DIRS = $(LIBDIR) $(addprefix $(DOCDIR)/,testbox/hosts testbox \
	$(foreach dir,docs/design docs/failures docs/pxe docs/reports docs/servers docs .,rootovl/$(dir:.=))) \
	$(patsubst modules.d/%/module-setup.sh,$(DRACUTDIR)/%,$(wildcard modules.d/*/module-setup.sh))
.PHONY: uninstall
uninstall: ## remove what `make install` put there
	@rm -f $(addprefix $(DESTDIR),$(PREFIX)/bin/rootovl \
		$(foreach file,$(USERSPACE_FILES) $(HOST_FILES),$(lastword $(subst :, ,$(file)))))
	@for dir in $(addprefix $(DESTDIR),$(OWN_DIRS)); do \
		[ ! -d $$dir ] || rmdir --ignore-fail-on-non-empty $$dir; done

.PHONY: clean
clean: ## remove what was built, but for the test roots
	rm -rf build/obj build/asan build/coverage build/fuzz build/lint-* build/tests build/images \
		build/bench build/bench.lock build/demo build/deb build/rpm build/completion build/*.a build/inputs.h $(PROGRAMS)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

-include $(shell find $(O)/obj -name '*.d' 2>/dev/null)
