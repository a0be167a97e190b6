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

# endless_links N: a chain of 1000 directories, in it a link to itself, and N names that go 38 times through it.
endless_links() {
    python3 - "$1" <<'PYTHON'
import sys
def entry(name, mode, data=b''):
    fields = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    out = b'070701' + b''.join(b'%08x' % f for f in fields) + name + b'\0'
    out += b'\0' * (-len(out) % 4) + data
    return out + b'\0' * (-len(out) % 4)
out, deep = [], b'a'
for n in range(1000):
    out.append(entry(b'/'.join([b'a'] * (n + 1)), 0o40755))
deep = b'/'.join([b'a'] * 1000)
out += [entry(b'L', 0o120777, b'/' + deep), entry(deep + b'/m', 0o120777, b'/' + deep)]
for n in range(int(sys.argv[1])):
    out.append(entry(b'L/' + b'm/' * 38 + b'%d' % n, 0o100644))
out.append(entry(b'TRAILER!!!', 0))
sys.stdout.buffer.write(b''.join(out))
PYTHON
}
