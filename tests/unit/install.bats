#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make install and make uninstall, to a folder.

bats_require_minimum_version 1.5.0

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
    DEST=$BATS_TEST_TMPDIR/dest
    # What others have where we install.
    mkdir -p "$DEST/usr/bin" "$DEST/usr/lib/dracut/modules.d/50other"
    echo other | tee "$DEST/usr/bin/rootovl-other" >"$DEST/usr/lib/dracut/modules.d/50other/module-setup.sh"
    units=$(pkg-config --variable=systemdsystemunitdir systemd || echo /usr/lib/systemd/system)
    unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL
}

# make_ TARGET WORD…: in the source tree, to DEST.
make_() {
    make -s -C "$TOP" "$@" DESTDIR="$DEST"
}

# files: all in DEST that are no directories, with their modes.
files() {
    find "$DEST" ! -type d -printf '%M %P\n' | sort
}

@test "uninstall: what install put is gone, what others have is not" {
    files >"$BATS_TEST_TMPDIR/before"
    make_ install
    files >"$BATS_TEST_TMPDIR/between"
    run -0 "$DEST/usr/bin/rootovl" --version
    run -0 "$DEST/usr/bin/initrd-builder" --version
    run -0 "$DEST/usr/bin/testbox" --version
    for file in lib/rootovl/userspace lib/dracut/modules.d/51rootovl-lean/libcrypto-stub.sh; do
        grep -qxF -e "-rwxr-xr-x usr/$file" "$BATS_TEST_TMPDIR/between"
    done
    for file in lib/rootovl/{payload,defer}.conf lib/dracut/modules.d/50rootovl/rootovl.service share/man/man7/rootovl.cmdline.7 \
        share/doc/testbox/hosts/vm-2p8g.yaml; do
        grep -qxF -e "-rw-r--r-- usr/$file" "$BATS_TEST_TMPDIR/between"
    done
    grep -qxF -e "-rw-r--r-- ${units#/}/testbox@.service" "$BATS_TEST_TMPDIR/between"
    grep -qxF -e "-rw-r--r-- usr/share/doc/rootovl/docs/servers/smb.conf" "$BATS_TEST_TMPDIR/between"
    run -1 grep -E '(lib|dracut)/.*\.md$' "$BATS_TEST_TMPDIR/between"
    make_ uninstall
    files | diff "$BATS_TEST_TMPDIR/before" -
    [ -z "$(find "$DEST" -type d \( -name '*rootovl*' -o -name '*testbox*' \))" ]
    # Once more, where nothing is.
    make_ uninstall
    files | diff "$BATS_TEST_TMPDIR/before" -
}

@test "install: the unit of testboxes is one that systemd takes, and the example of a host file one that testbox takes" {
    local unit
    make_ install
    mkdir -p "$DEST/etc/default"
    # shellcheck disable=SC2016 # the testbox's to expand
    echo 'TESTBOX_URL=http://s/${mac:hexhyp}' >"$DEST/etc/default/testbox"
    unit=$DEST$units/testbox@vm-2p8g-1.service
    cp "$DEST$units/testbox@.service" "$unit"
    sed -i "s,/usr/bin/,$DEST/usr/bin/,; s,/etc/default,$DEST/etc/default," "$unit"
    run systemd-analyze verify --man=no "$unit"
    echo "$output"
    run ! grep -F testbox <<<"$output"
    # The head of an arm64 kernel is enough of one.
    (head -c 56 /dev/zero && printf 'ARM\x64' && head -c 1000 /dev/zero) >"$BATS_TEST_TMPDIR/vmlinuz"
    printf '#!ipxe\nkernel vmlinuz\nboot\n' >"$BATS_TEST_TMPDIR/x.ipxe"
    TESTBOX_STATE=$BATS_TEST_TMPDIR/state run -0 "$DEST/usr/bin/testbox" run --kvm no --dry-run -n vm-2p8g-1 \
        --hosts "$DEST/usr/share/doc/testbox/hosts" "$BATS_TEST_TMPDIR/x.ipxe"
    [[ $output == *': br0, a tap on it'*'-smp 2'*'tap,id=net0,fd='* ]]
}

@test "install: systemd's own rating of the unit of watch is 3.0 at most" {
    local unit=$BATS_TEST_TMPDIR/initrd-builder-watch@srv-os.service
    cp "$TOP/initrd-builder/initrd-builder-watch@.service" "$unit"
    run -0 systemd-analyze security --offline=yes --no-pager --threshold=30 "$unit"
    # The rating itself works: without its settings the same unit is not let through.
    sed -i '/^Protect/d; /^Capability/d; /^Restrict/d; /^SystemCall/d' "$unit"
    run -1 systemd-analyze security --offline=yes --no-pager --threshold=30 "$unit"
}

@test "uninstall: a file of somebody else's in a folder of ours stays, with the folder" {
    make_ install
    echo own >"$DEST/usr/lib/rootovl/own"
    make_ uninstall
    [ "$(find "$DEST" -path '*/rootovl/*' -printf '%P\n')" = usr/lib/rootovl/own ]
}

@test "install: with another PREFIX the unit and the link are of it, and uninstall finds all" {
    make_ install PREFIX=/usr/local
    grep -qx 'ExecStart=/usr/local/bin/initrd-builder watch .*' \
        "$DEST/usr/local/lib/systemd/system/initrd-builder-watch@.service"
    grep -qx 'ExecStart=/usr/local/bin/testbox serve .*' "$DEST/usr/local/lib/systemd/system/testbox@.service"
    run -0 "$DEST/usr/local/bin/rootovl" --version
    make_ uninstall PREFIX=/usr/local
    [ -z "$(find "$DEST/usr/local" ! -type d)" ]
}

@test "install: systemd's and dracut's folders are those that pkg-config names, or that make is given" {
    mkdir -p "$BATS_TEST_TMPDIR/pc"
    printf 'systemdsystemunitdir=/units\nsysusersdir=/users\nName: systemd\nDescription: x\nVersion: 1\n' \
        >"$BATS_TEST_TMPDIR/pc/systemd.pc"
    printf 'dracutmodulesdir=/modules\nName: dracut\nDescription: x\nVersion: 1\n' >"$BATS_TEST_TMPDIR/pc/dracut.pc"
    PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/pc make_ install SYSCONFDIR=/conf
    [ -e "$DEST/units/testbox@.service" ]
    [ -e "$DEST/users/testbox.conf" ]
    [ -x "$DEST/modules/50rootovl/module-setup.sh" ]
    grep -qx 'EnvironmentFile=-/conf/default/initrd-builder-watch' "$DEST/units/initrd-builder-watch@.service"
    make_ install UNITDIR=/other
    [ -e "$DEST/other/testbox@.service" ]
}

@test "container: its inputs are the sources, and no README.md" {
    local copy=$BATS_TEST_TMPDIR/tree before
    mkdir -p "$copy/initrd-builder" "$copy/src"
    cp -r "$TOP/Makefile" "$TOP/container" "$TOP/modules.d" "$copy"
    cp -r "$TOP"/src/{common,rootovl,fetch,verity} "$copy/src"
    cp "$TOP"/initrd-builder/{lean.conf,userspace.sh} "$copy/initrd-builder"
    before=$("$copy/container/inputs")
    [ "$before" = "$("$TOP/container/inputs")" ]
    for folder in src/common src/rootovl/plan src/fetch modules.d container; do
        echo more >>"$copy/$folder/README.md"
    done
    [ "$("$copy/container/inputs")" = "$before" ]
    echo more >>"$copy/modules.d/51rootovl-lean/files.list"
    [ "$("$copy/container/inputs")" != "$before" ]
}
