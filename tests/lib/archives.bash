# SPDX-License-Identifier: GPL-2.0-or-later
# Trees, and archives of them by the real tools, in every compression that the kernel knows.
# shellcheck shell=bash
# shellcheck disable=SC2034 # for those who source this

# tree DIR [PATH=TEXT | PATH -> TARGET | PATH/]…: makes a tree; of "a=b" the file a.
tree() {
    local dir=$1 what
    shift
    for what; do
        case $what in
        *' -> '*) mkdir -p "$(dirname "$dir/${what%% -> *}")" && ln -s "${what##* -> }" "$dir/${what%% -> *}" ;;
        */) mkdir -p "$dir/$what" ;;
        *) mkdir -p "$(dirname "$dir/${what%%=*}")" && printf '%s' "${what#*=}" >"$dir/${what%%=*}" ;;
        esac
    done
}

# archive DIR [FORMAT]: to standard output. Sorted, so that a directory comes before what is in it.
archive() {
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H "${2:-newc}" -R 0:0 --quiet --reproducible)
}

# initrd FILE DIR: in gzip, as LKP makes them.
initrd() {
    archive "$2" | gzip -n >"$1"
}

# The compressions by their names, each as the kernel can read it.
compress() {
    case $1 in
    gzip) gzip -n ;;
    bzip2) bzip2 ;;
    lzma) xz --format=lzma ;;
    xz) xz --check=crc32 ;;
    lzo) lzop ;;
    lz4) lz4 -l -q ;;
    zstd) zstd -q ;;
    none) cat ;;
    esac
}
COMPRESSIONS='gzip bzip2 lzma xz lzo lz4 zstd none'
