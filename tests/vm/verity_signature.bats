#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl.verity.signature= where the kernel has the key: a kernel of Debian's with a certificate of this test's own
# in its keyring (lib/kernel-with-key), and rootovl-verity in an initramfs of a shell.

bats_require_minimum_version 1.5.0
load lib

# signed NAME HASH KEY CERT
signed() {
    printf %s "$2" | openssl smime -sign -nocerts -noattr -binary -inkey "$3" -signer "$4" -outform der \
        -out "$DIR/tree/$1"
}

# An initramfs with an image, its signatures, and what opens it.
make_tree() {
    local hash modules file
    mkdir -p "$DIR/tree"/{bin,dev,proc,sys,mnt} "$DIR/root/etc"
    echo ID=test >"$DIR/root/etc/os-release"
    head -c 300000 /dev/urandom >"$DIR/root/file"
    "$BUILD/initrd-builder" image "$DIR/root" -o "$DIR/tree/root.erofs" --verity >"$DIR/said"
    hash=$(sed -n 's/^rootovl.verity=//p' "$DIR/said")
    cp "$(command -v busybox)" "$DIR/tree/bin/"
    for file in sh mount umount insmod losetup poweroff; do
        ln -s busybox "$DIR/tree/bin/$file"
    done
    cp "$BUILD/rootovl-verity" "$DIR/tree/bin/"
    ldd "$BUILD/rootovl-verity" | grep -o '/[^ ]*' | while read -r file; do
        mkdir -p "$DIR/tree${file%/*}"
        cp -L "$file" "$DIR/tree$file"
    done
    modules=$(echo "$BUILD"/roots/debian-12/usr/lib/modules/*/kernel)
    cp "$modules"/drivers/block/loop.ko "$modules"/drivers/md/dm-{mod,bufio,verity}.ko "$modules"/fs/erofs/erofs.ko \
        "$DIR/tree/"
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -keyout "$DIR/other" -out "$DIR/other.crt" 2>/dev/null
    signed good "$hash" "$DIR/key" "$DIR/crt"
    signed another "${hash:1}0" "$DIR/key" "$DIR/crt"
    signed stranger "$hash" "$DIR/other" "$DIR/other.crt"
    cat >"$DIR/tree/init" <<END
#!/bin/sh
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
for module in loop dm-mod dm-bufio dm-verity erofs; do
    insmod /\$module.ko
done
losetup -r /dev/loop0 /root.erofs
for name in good another stranger; do
    echo "\$name open=\$(rootovl-verity open /dev/loop0 $hash --signature /\$name)" >/dev/ttyS1
    mount -t erofs -o ro /dev/mapper/rootovl-root /mnt && echo "\$name=mounted" >/dev/ttyS1 && umount /mnt
    rootovl-verity close
done
poweroff -f
END
    chmod 755 "$DIR/tree/init"
    "$LIB/pack" "$DIR/tree" "$DIR/tree.cgz"
}

# bats test_tags=slow
@test "verity: a signature whose key the kernel has is taken; of another hash, or by another key, it is refused" {
    "$LIB/rootfs" debian-12 >/dev/null
    "$LIB/kernel-with-key" "$BUILD"/roots/debian-12/boot/vmlinuz-* "$DIR/vmlinux" "$DIR/key" "$DIR/crt"
    make_tree
    lab "$LIB/machine" -m 512M "$VM" "$DIR/vmlinux" quiet "$DIR/tree.cgz" </dev/null >"$DIR/machine.log" 2>&1 3>&- &
    # shellcheck disable=SC2034 # for ends_with
    MACHINE=$!
    ends_with poweroff
    facts 'good open' '' good mounted another '' stranger ''
    tr -d '\r' <"$VM/verdict.log" | grep -x 'the kernel refuses the signature of its root hash: .*'
    tr -d '\r' <"$VM/verdict.log" | grep -x 'the kernel has no key for the signature of its root hash'
}
