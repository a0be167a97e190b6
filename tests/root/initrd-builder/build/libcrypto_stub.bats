#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The stub that lean images have in libcrypto's place (libcrypto-stub.sh), and when the real one stays.

bats_require_minimum_version 1.5.0

TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
STUB=$TOP/modules.d/51rootovl-lean/libcrypto-stub.sh

# A tree with a libcrypto of two functions and a variable, and kmod's library that is linked with it.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir tree tmp
    export TMPDIR=$PWD/tmp
    cat >crypto.c <<'END'
int EVP_sign(void) { return 42; }
int BN_cmp(void) { return 42; }
int OPENSSL_data = 42;
END
    echo 'OPENSSL_3.0.0 { EVP_sign; BN_cmp; OPENSSL_data; };' >versions
    gcc -shared -fPIC -Wl,-soname,libcrypto.so.3,--version-script,versions crypto.c -o tree/libcrypto.so.3
    ln -s libcrypto.so.3 tree/libcrypto.so
    cp tree/libcrypto.so.3 real
    library libkmod.so.2 'int EVP_sign(void); int sign(void) { return EVP_sign(); }'
}

# library NAME SOURCE: one in the tree that is linked with its libcrypto.
library() {
    gcc -shared -fPIC -x c - -x none tree/libcrypto.so.3 -Wl,-soname,"$1" -o "tree/$1" <<<"$2"
}

# stays WHY: the tree is as it was, and WHY is told.
stays() {
    run -1 "$STUB" tree
    echo "$output"
    [[ $output == *"libcrypto stays: $1" ]]
    cmp real tree/libcrypto.so.3
    [ -z "$(ls -A tmp)" ]
}

@test "libcrypto: the stub has the name, the version and the function, which returns 0" {
    echo 'int sign(void); int main(void) { return sign(); }' |
        gcc -x c - -x none tree/libkmod.so.2 -Wl,-rpath-link,tree -o main
    LD_LIBRARY_PATH=tree run -42 ./main
    run -0 "$STUB" tree
    [ "$output" = 'libcrypto: a stub of 1 functions' ]
    LD_LIBRARY_PATH=tree LD_BIND_NOW=1 run -0 ./main
    [ "$(nm -D tree/libcrypto.so.3 | sed -n 's/.* T //p')" = EVP_sign@@OPENSSL_3.0.0 ]
    readelf -Wl tree/libcrypto.so.3 | grep -q 'GNU_STACK .* RW '
    [ -z "$(ls -A tmp)" ]
}

@test "libcrypto: stays for a stranger, by a link, a name for dlopen(3), or systemd's library" {
    library libcurl.so.4 'int EVP_sign(void); int get(void) { return EVP_sign(); }'
    stays 'libcurl.so.4 may call it'
    rm tree/libcurl.so.4
    printf '\177ELFlibcrypto.so.3' >tree/request-key
    stays 'request-key may call it'
    rm tree/request-key
    # A word of a comment in the list of files is none of them.
    grep -q '^# .* network$' "${STUB%/*}/files.list"
    printf '\177ELFlibcrypto.so.3' >tree/network
    stays 'network may call it'
    rm tree/network
    printf '\177ELFlibsystemd-shared-257.so' >tree/systemd-creds
    stays 'systemd-creds may call it'
}

@test "libcrypto: stays where its data, a comparison or what it does not have is wanted" {
    library libkmod.so.2 'extern int OPENSSL_data; int EVP_sign(void); int sign(void) { return EVP_sign() + OPENSSL_data; }'
    stays 'the stub is not enough'
    library libkmod.so.2 'int BN_cmp(void); int compare(void) { return BN_cmp(); }'
    stays 'it compares: BN_cmp@OPENSSL_3.0.0'
    library libkmod.so.2 'int EVP_new(void); int EVP_sign(void); int sign(void) { return EVP_sign() + EVP_new(); }'
    stays 'the stub is not enough'
    rm tree/libkmod.so.2
    stays 'nobody imports from it'
    rm tree/libcrypto.so.3
    run -1 "$STUB" tree
    [ "$output" = 'libcrypto: there is none' ]
}

# userspace NAME EXTRA…: the archive NAME as initrd-builder would have it made, its list and what was said.
userspace() {
    "$TOP/initrd-builder/userspace.sh" "${@:2}" >"$1" 2>"$1.log"
    cpio -tv --quiet <"$1" | awk '!/ (\.|usr.lib.dracut.*|usr.lib.rootovl.userspace-notes)$/ { print $1, $3, $4, $5, $NF }' | sort >"$1.list"
}

@test "libcrypto: a stub in a lean image, where all else is as before; the real one in one --with live" {
    mkdir files
    cp "$TOP"/build/{rootovl,rootovl-fetch,{payload,defer}.conf} "$TOP/initrd-builder/lean.conf" files/
    cp "$TOP/build/rootovl-booted" files/rootovl-report
    cp -r "$TOP/modules.d" modules
    export ROOTOVL_FILES=$PWD/files ROOTOVL_MODULES=$PWD/modules
    userspace lean
    grep -qx 'libcrypto: a stub of [0-9]* functions' lean.log
    userspace live live
    grep -q '^libcrypto stays: .* may call it$' live.log
    printf '#!/bin/sh\nexit 1\n' >modules/51rootovl-lean/libcrypto-stub.sh
    userspace plain
    diff <(grep -v 'libcrypto.so.3$' plain.list) <(grep -v 'libcrypto\(.so.3\)\?$' lean.list)
    # Nor is the real one, brought by a package, anything to be told of.
    mkdir package
    (cd package && cpio -id --quiet '*/libcrypto.so.3' <../plain)
    "$TOP/build/initrd-builder" pack package -o package.cgz
    "$TOP/build/initrd-builder" verify lean package.cgz
    grep '/libcrypto.so.3$' plain.list | cmp - <(grep '/libcrypto.so.3$' live.list)
    [ "$(awk '/\/libcrypto.so.3$/ { print $4 < 32768 }' lean.list)" = 1 ]
    [ -z "$(ls -A tmp)" ]
}
