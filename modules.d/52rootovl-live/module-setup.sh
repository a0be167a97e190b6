#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For root=live:…: the program that fetches an image over HTTP, and the certificates that HTTPS
# trusts. A module of its own, for libcurl and what it needs would make every image a third larger.

files=${ROOTOVL_FILES:-/usr/lib/rootovl}

# Only when it is asked for.
check() {
    require_binaries "$files/rootovl-fetch" || return 1
    return 255
}

depends() {
    echo rootovl
}

install() {
    inst_binary "$files/rootovl-fetch" /usr/lib/rootovl/rootovl-fetch
    inst_multiple -o /etc/ssl/certs/ca-certificates.crt
}
