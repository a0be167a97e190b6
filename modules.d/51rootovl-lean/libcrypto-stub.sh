#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libcrypto-stub TREE: puts a stub library in libcrypto's place in the tree of an image, and says so. It
# has the functions that the tree's files import, and each returns 0 or NULL, with which OpenSSL tells of
# a failure. systemd's and kmod's libraries are linked with libcrypto for what no boot of such an image
# does (encrypted credentials, TPM, signatures in modinfo's output), and it would be a sixth of the image.
#
# Status 1, a line on standard error and the tree as it was: where somebody else may call it, or where
# the dynamic linker does not find all that it needs in the stub.
set -eu
export LC_ALL=C
tree=$1
here=$(dirname "$0")

keep() {
    echo "libcrypto stays: $*" >&2
    exit 1
}

# Who names it: by a link, for dlopen(3), or in a script.
naming() {
    grep -rlF --exclude=ld.so.cache --exclude='libcrypto.so*' -e "$1" "$tree" || true
}

for tool in nm objdump as ld ldd; do
    command -v $tool >/dev/null || keep "no $tool here (binutils, libc-bin)"
done
real=$(find "$tree" -type f -name 'libcrypto.so.*')
case $real in
'')
    echo 'libcrypto: there is none' >&2
    exit 1
    ;;
*"
"*) keep 'there are several' ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed 's/#.*//' "$here/files.list" "$here/../55rootovl-short/files.list" | tr -s ' ' '\n' >"$work/known"

# Programs that reach it through libsystemd-shared count too: systemd-creds would be one.
naming libcrypto.so >"$work/users"
{ cat "$work/users" && naming libsystemd-shared-; } | while read -r file; do
    case ${file##*/} in
    libsystemd-shared-*.so | libsystemd-core-*.so | libkmod.so.*) ;;
    *) grep -qxE "(.*/)?${file##*/}" "$work/known" || keep "${file#"$tree"/} may call it" ;;
    esac
done

# NAME@VERSION of the functions that are imported. 0 from one that compares would mean equal.
nm -D --defined-only "$real" | sed -n 's/^[0-9a-f]* [TW] \(.*\)@@/\1@/p' | sort >"$work/exported"
while read -r file; do
    nm -D --undefined-only "$file"
done <"$work/users" | sed -n 's/^ *[Uw] //p' | sort -u | comm -12 - "$work/exported" >"$work/imported"
[ -s "$work/imported" ] || keep 'nobody imports from it'
compares=$(grep -m 1 'cmp@' "$work/imported") && keep "it compares: $compares"

arch=$(objdump -f "$real" | sed -n 's/^architecture: \([^,]*\).*/\1/p')
case $arch in
i386:x86-64) code='xor %eax, %eax; ret' ;;
aarch64) code='mov x0, #0; ret' ;;
*) keep "no stub for $arch" ;;
esac
{
    sed 's/@.*//; s/.*/.globl &; .type &, %function; &:/' "$work/imported"
    echo "$code"
    echo '.section .note.GNU-stack, "", %progbits'
} | as -o "$work/stub.o"
sed 's/.*@//' "$work/imported" | sort -u | while read -r version; do
    echo "$version {"
    sed -n "s/@$version\$/;/p" "$work/imported"
    echo '};'
done >"$work/versions"
soname=$(objdump -p "$real" | sed -n 's/^ *SONAME *//p')
ld -shared -soname "$soname" --version-script "$work/versions" --build-id=none -z noexecstack \
    -z noseparate-code -z norelro --strip-all -o "$work/$soname" "$work/stub.o"

while read -r file; do
    LD_LIBRARY_PATH=$work ldd -r "$file" 2>&1 || echo "ldd: $file"
done <"$work/users" >"$work/linked"
grep -qF "$work/$soname" "$work/linked" || keep 'ldd does not find the stub'
if grep -E 'undefined symbol|not found|^ldd:' "$work/linked" >&2; then
    keep 'the stub is not enough'
fi
# CRC-32 and size of the real one (RFC 1952, 2.3.1): `initrd-builder verify` knows by it whether a
# package brings that again.
gzip -1 -c "$real" | tail -c 8 | od -A n -t u4 --endian=little >"$work/stands-for"
mkdir -p "$tree/usr/lib/rootovl"
cat "$work/stands-for" >"$tree/usr/lib/rootovl/libcrypto"
chmod --reference="$real" "$work/$soname"
mv "$work/$soname" "$real"
echo "libcrypto: a stub of $(wc -l <"$work/imported") functions"
