#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the first half of an image: all of it that does not depend on the kernel, as a cpio archive
# on standard output; what dracut (059 to 110) says goes to standard error. Run by initrd-builder, in
# a container or here.
#
#   ROOTOVL_FILES    the helper and what is beside it
#   ROOTOVL_MODULES  the folder with our dracut modules
#   TMPDIR           where dracut works; no blanks or colons, for dracut is shell
#
# userspace [short] [disks] [live] [verity]: with the dracut modules rootovl-disks, rootovl-live,
# rootovl-verity; short: with rootovl-short in place of rootovl-lean.
set -eu
umask 022
export LC_ALL=C
export ROOTOVL_FILES="${ROOTOVL_FILES:-/usr/lib/rootovl}"
modules=${ROOTOVL_MODULES:-/usr/lib/dracut/modules.d}
dracut=/usr/lib/dracut

work=$(mktemp -d "${TMPDIR:-/tmp}/userspace.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM HUP
if [ ! -d "$dracut/modules.d" ]; then
    echo "there is no $dracut/modules.d: install dracut" >&2
    exit 1
fi

extras=
export ROOTOVL_WAY=lean
for word; do
    case $word in
    short) ROOTOVL_WAY=short ;;
    *) extras="$extras rootovl-$word" ;;
    esac
done

# dracut knows its modules only below its own folder: a new one has links to the installed one's, and
# ours among them.
mkdir -p "$work/base/modules.d" "$work/none" "$work/tmp"
for file in "$dracut"/*; do
    [ "$file" = "$dracut/modules.d" ] || ln -s "$file" "$work/base/"
done
for module in "$dracut"/modules.d/* "$modules"/5?rootovl*; do
    ln -sfn "$module" "$work/base/modules.d/${module##*/}"
done

dracutbasedir="$work/base" DRACUT_NO_MKNOD=1 SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-0}" \
    dracut --force --no-kernel --no-hostonly --no-early-microcode --nohardlink --reproducible \
    --no-compress --conf "$ROOTOVL_FILES/lean.conf" --confdir "$work/none" --tmpdir "$work/tmp" \
    --kver none --add "$extras" "$work/image" >&2

# cpio is what dracut packed it with. Where it fails, the image is dracut's; where the stub does, so is
# what is in it, and the image says why.
mkdir "$work/tree"
cd "$work/tree"
if cpio --extract --quiet <"$work/image" >&2; then
    TMPDIR=$work "$modules/51rootovl-lean/libcrypto-stub.sh" . >"$work/said" 2>&1 || true
    cat "$work/said" >&2
    if notes=$(grep '^libcrypto' "$work/said"); then
        mkdir -p usr/lib/rootovl
        echo "$notes" >usr/lib/rootovl/userspace-notes
    fi
    find . -mindepth 1 | cpio --create --quiet --format=newc
else
    cat "$work/image"
fi
