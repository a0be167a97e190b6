# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2317 # tests replace functions of the library
# For tests of roots that are one image on a server: what serves them.

. "$BATS_TEST_DIRNAME/root_images.bash"

setup_file() {
    # shellcheck disable=SC2119 # no further kind
    root_images
}

# boot_fails IMAGE ROOT CMDLINE STEP CAUSE: the boot comes to the emergency shell.
boot_fails() {
    WITNESS=$1 pack_witness
    boot "$1" "$2" "$JOB_LINE $3" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell "$4" "$5"
}

# serve_http: the images at http://$SERVER/, and https with the CA in $DIR/ca.cgz.
serve_http() {
    http_configure "$DIR" "$SERVER"
    ln "$IMAGES"/root.* "$DIR/www/"
    mkdir -p "$DIR/ca/etc/rootovl"
    cp "$DIR/http/ca.pem" "$DIR/ca/etc/rootovl/"
    "$LIB/pack" "$DIR/ca" "$DIR/ca.cgz"
    http_start "$DIR"
}

digest() {
    sed -n "s|  $1\$||p" "$IMAGES/sums"
}
