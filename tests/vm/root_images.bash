# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2317 # tests replace functions of the library
# Images of the root debian-12, for the tests of a file.

# root_images [ext4]: puts them into the folder $IMAGES, root.erofs, root.squashfs and root.ext4, and their
# sums into $IMAGES/sums.
root_images() {
    local kind image
    export IMAGES=$BATS_FILE_TMPDIR/images
    mkdir -p "$IMAGES"
    for kind in erofs squashfs "$@"; do
        image=$("$BATS_TEST_DIRNAME/../lib/root-image" debian-12 "$kind") || return 1
        ln "$image" "$IMAGES/root.$kind" 2>/dev/null || cp --sparse=always "$image" "$IMAGES/root.$kind"
    done
    (cd "$IMAGES" && sha256sum root.*) >"$IMAGES/sums"
}

# In place of the look at the server's folder, which these roots do not have.
server_untouched() {
    (cd "$IMAGES" && sha256sum --quiet -c sums)
}
