# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the executor share: a small root and a payload, and the driver that assembles them.
# shellcheck shell=bash disable=SC2154 # bats sets status, output, lines

TOP=${BASH_SOURCE[0]%/*}/../../..
ASSEMBLE=${PROGRAMS:-$TOP/build/asan}/tests/root/rootovl/boot/assemble

# A lower, a payload and an empty sysroot in the test's folder.
assemble_setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir -p lower/etc lower/usr/lib/systemd/system lower/usr/sbin lower/usr/bin source sysroot
    ln -s usr/sbin lower/sbin
    ln -s usr/lib lower/lib
    ln -s /lib/systemd/systemd lower/usr/sbin/init
    install -m 755 /bin/true lower/usr/lib/systemd/systemd
    echo ID=test >lower/etc/os-release
    printf 'UUID=x / ext4 defaults 0 1\nUUID=y /data ext4 defaults 0 2\n' >lower/etc/fstab
    mkdir -p source/lkp/scheduled source/opt
    echo job >source/lkp/scheduled/job.yaml
    echo tool >source/opt/tool
    printf '[Install]\nWantedBy=multi-user.target\n' >lower/usr/lib/systemd/system/lkp-bootstrap.service
    chown -R 0:0 lower source
}

# Runs the driver in a mount namespace with a /run of its own, then the commands of $AFTER there.
# UNSHARE: further namespaces. MOUNTED is a command that mounts something on sysroot before. Says what is mounted below /run/rootovl and on sysroot when it is over.
# Only mounts of a boot are counted: those of others, as of the tests beside, go when their folder does.
assemble() {
    local cmdline=$1
    shift
    # shellcheck disable=SC2016,SC2086 # the inner shell expands; options
    run timeout 300 unshare -m ${UNSHARE:-} bash -c '
        mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run || exit 99
        if [ -d lower ]; then mount --bind lower lower || exit 99; fi
        [ -n "$WRITABLE" ] || [ ! -d lower ] || mount -o remount,bind,ro lower || exit 99
        eval "$MOUNTED" || exit 99
        ours() { grep -cE " (/run/rootovl|$PWD/sysroot)(/| )" /proc/self/mountinfo; }
        before=$(ours)
        "$0" "$PWD/lower" "$PWD/source" "$PWD/sysroot" "$@"
        result=$?
        echo "mounts: $(($(ours) - before))"
        echo "left: $(ls -A /run/rootovl 2>/dev/null) $(ls -A sysroot 2>/dev/null | head -n 3)"
        eval "$AFTER"
        exit "$result"' "$ASSEMBLE" "$cmdline" "$@"
    echo "$output"
}

# The one line of the failure, and a machine as it was before.
refused() {
    [ "$status" -eq 1 ]
    [[ ${lines[0]} == "failed: $1: "*"$2"* ]]
    [[ $output == *"mounts: 0"* ]]
    # nothing but the note that the payload was moved, and nothing on sysroot
    grep -qxE 'left: (payload-moved)? *' <<<"$output"
}
