# SPDX-License-Identifier: GPL-2.0-or-later
# guest.sh DIR BUILD HASHES: init of user-mode-linux for verity.bats. It sees the host's files. What it finds
# is in DIR/results, lines "NAME: TEXT".
# shellcheck shell=bash

cd "$1" || exit
VERITY=$2/rootovl-verity
MOUNTS=$2/tests/root/rootovl/lower/mounts
read -r EROFS SQUASHFS <<<"$3"
DEVICE=/dev/mapper/rootovl-root
exec >results 2>errors
mount -t proc proc /proc
mount -t sysfs sys /sys
[[ -e /dev/loop-control || -e /dev/console ]] || mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /mnt
modules=/usr/lib/uml/modules/$(uname -r)/kernel
for module in drivers/block/loop drivers/md/dm-{mod,bufio,verity} fs/erofs/erofs fs/squashfs/squashfs fs/overlayfs/overlay; do
    insmod "$modules/$module.ko"
done

# say NAME TEXT…
say() {
    echo "$1: ${*:2}"
}

# image KIND: a copy of its own, on a loop device.
image() {
    cp "whole.$1" image
}
opened() {
    loop=$(losetup -f --show -r image)
    "$VERITY" open "$loop" "$@" >output
    status=$?
    say "$name open" "$status"
    if ((status)); then
        say "$name said" "$(sed -n 2p output)"
        say "$name device" "$(there)"
    fi
}
there() {
    if [[ -e $DEVICE || -e /sys/block/dm-0 ]]; then echo there; else echo gone; fi
}
# read_file FILE: is it the same, or how does reading it fail?
read_file() {
    local why
    if ! why=$(cat "/mnt/$1" 2>&1 >/dev/null); then
        echo "${why##*: }"
    elif cmp -s "/mnt/$1" "root/$1"; then
        echo same
    else
        echo another
    fi
}
status_of() {
    "$VERITY" status
    say "$name status" $?
}
over() {
    umount /mnt 2>&1
    "$VERITY" close
    losetup -d "$loop"
}
# change OFFSET
change() {
    printf changed | dd of=image bs=1 seek="$1" conv=notrunc status=none
    echo 3 >/proc/sys/vm/drop_caches
    blockdev --flushbufs "$loop" 2>/dev/null
}
# Where a place within a file lies in the image: erofs leaves random bytes as they are.
place_of() {
    python3 -c 'import sys
print(open("image", "rb").read().index(open("root/" + sys.argv[1], "rb").read()[int(sys.argv[2]):][:64]))' "$@"
}

for name in erofs squashfs; do
    image "$name"
    hash=$EROFS
    [[ $name == erofs ]] || hash=$SQUASHFS
    opened "$hash"
    mount -t "$name" -o ro $DEVICE /mnt
    say "$name read" "$(read_file file)"
    status_of
    "$VERITY" close
    say "$name close" $?
    say "$name in use" "$(there)"
    umount /mnt
    say "$name unmounted" "$(there)"
    losetup -d "$loop"
done

name=changed
image erofs
middle=$(place_of file 1500000)
opened "$EROFS"
mount -t erofs -o ro $DEVICE /mnt
say "$name before" "$(read_file file)"
change "$middle"
say "$name after" "$(read_file file)"
say "$name other" "$(read_file other)"
status_of
over

name=earlier
image erofs
change "$middle"
opened "$EROFS"
mount -t erofs -o ro $DEVICE /mnt
say "$name read" "$(read_file file)"
say "$name other" "$(read_file other)"
status_of
over

# The superblock, the topmost block, and the hashes of the blocks of data.
name=tree
image erofs
tree=$(($(od -A n -t u4 -j 1060 -N 4 image) * 4096))
block=$((middle / 4096))
change $((tree + 2 * 4096 + block * 32))
opened "$EROFS"
mount -t erofs -o ro $DEVICE /mnt
say "$name read" "$(read_file file)"
status_of
over

name=first
image erofs
change 100
opened "$EROFS"
over

name='hash'
image erofs
opened "${EROFS:1}0"
over

name=signature
image erofs
head -c 500 /dev/urandom >signature
opened "$EROFS" --signature signature
over

name=nosignature
opened "$EROFS" --signature none
over

name=none
"$VERITY" close
say "$name close" $?
status_of

# rootovl itself, with the program where an initramfs has it.
mount -t tmpfs tmpfs /run
mkdir /run/new /run/work
mount -t overlay -o lowerdir=/usr/lib,upperdir=/run/new,workdir=/run/work none /usr/lib
mkdir -p /usr/lib/rootovl
cp "$VERITY" "$2/payload.conf" /usr/lib/rootovl/

# helper NAME HASH: a boot's mount of the image.
helper() {
    loop=$(losetup -f --show -r image)
    say "$1" "$(echo "whole root=$loop rootovl.timeout=1 rootovl.verity=$2" | "$MOUNTS")"
    losetup -d "$loop"
}

image erofs
helper 'helper' "$EROFS"
say 'helper device' "$(there)"
helper 'helper hash' "${EROFS:1}0"
name=shadow
change "$(place_of etc/shadow 50000)"
helper 'helper shadow' "$EROFS"
image erofs
truncate -s "$tree" image
helper 'helper plain' "$EROFS"
say 'helper after' "$(there)"
# A disk that stands still: what is read of it neither comes nor fails.
image erofs
loop=$(losetup -f --show -r image)
dmsetup create still --noudevsync --readonly --table "0 $(blockdev --getsz "$loop") linear $loop 0"
dmsetup mknodes
dmsetup suspend --noflush still
say 'helper still' "$(echo "whole root=/dev/mapper/still rootovl.timeout=1 rootovl.verity=$EROFS" | "$MOUNTS")"
say 'helper still device' "$(if [[ -e $DEVICE ]]; then echo there; else echo gone; fi)"
dmsetup resume still
say 'helper resumed' "$(echo "whole root=/dev/mapper/still rootovl.timeout=1 rootovl.verity=$EROFS" | "$MOUNTS")"
dmsetup remove still
losetup -d "$loop"
rm /usr/lib/rootovl/rootovl-verity
helper 'helper without' "$EROFS"

echo 'the end'
sync
echo o >/proc/sysrq-trigger
sleep 60
