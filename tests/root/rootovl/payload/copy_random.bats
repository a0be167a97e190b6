#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Random trees: what is seen through the overlay afterwards is what copying them through an overlay
# with the tools of every day gives.

load ../lib

is_there() {
    [ -e "$1" ] || [ -L "$1" ]
}

# grow TREE N SEED: N random objects over few names, so that trees meet.
grow() {
    local tree=$1 n=$2 i path names=(a b c lib $'n\nl' 'x y')
    RANDOM=$3
    mkdir -p "$tree"
    for ((i = 0; i < n; i++)); do
        path=$tree
        for ((depth = RANDOM % 4; depth > 0; depth--)); do
            path+=/${names[RANDOM % ${#names[@]}]}
            [ ! -L "$path" ] || continue 2
            [ ! -e "$path" ] || [ -d "$path" ] || continue 2
        done
        mkdir -p "$path"
        [ $((RANDOM % 3)) -gt 0 ] || chmod $((RANDOM % 8))7$((RANDOM % 8)) "$path"
        path+=/${names[RANDOM % ${#names[@]}]}
        is_there "$path" && continue
        case $((RANDOM % 10)) in
        0) ln -s "${names[RANDOM % ${#names[@]}]}" "$path" ;;
        1) [ "${path%/*}" = "$tree" ] || ln -s "../${names[RANDOM % ${#names[@]}]}" "$path" ;;
        2) ln -s nowhere "$path" ;;
        3) mkdir "$path" ;;
        4) mkfifo "$path" ;;
        5) head -c $((RANDOM * 4)) /dev/zero >"$path" ;;
        6) [ -z "${last-}" ] || [[ $last != "$tree"/* ]] || ln "$last" "$path" ;;
        *) echo "$tree $i" >"$path" && last=$path ;;
        esac
        [ -L "$path" ] || [ ! -e "$path" ] || {
            chown $((RANDOM % 3)):$((RANDOM % 3)) "$path"
            chmod $((RANDOM % 8))$((RANDOM % 8))4$((RANDOM % 8)) "$path"
            [ $((RANDOM % 4)) -gt 0 ] || [ -p "$path" ] || setfattr -n user.x -v $i "$path"
        }
        ! is_there "$path" || touch -hd "2010-01-01 00:00:$((RANDOM % 60))" "$path"
    done
}

# Takes out of a tree what a root has as directories with something in them: that is refused.
prune() {
    local path
    (cd "$1" && find . ! -type d -print0) | while IFS= read -rd '' path; do
        if [ -d "$2/$path" ] && [ ! -L "$2/$path" ]; then rm "$1/$path"; fi
    done
}

# reference SOURCE: merges a tree into the working directory, which is what payload_copy() promises
# to do. Fails at a file that meets a directory with something in it.
reference() {
    local source=$1 name inode back old
    old=$(mktemp)
    touch -r . "$old"
    while IFS= read -rd '' name; do
        inode=$(stat -c %i "$source/$name")
        if [ -d "$source/$name" ] && [ ! -L "$source/$name" ]; then
            [ -d "$name" ] || { rm -f "$name" && mkdir "$name" && made["$PWD/$name"]=1; } || return 2
            exec {back}<.
            cd -P "./$name" || return 2
            reference "$source/$name" || return
            [ -z "${made[$PWD]-}" ] || dress "$source/$name" || return 2
            cd -P "/proc/self/fd/$back" || return 2
            exec {back}<&-
            continue
        fi
        [ ! -d "$name" ] || [ -L "$name" ] || rmdir "$name" || return 1
        # its copy may have been replaced meanwhile
        if [ -n "${copied[$inode]-}" ] && [ "$(stat -c %i "${copied[$inode]#* }")" = "${copied[$inode]%% *}" ]; then
            ln -fT "${copied[$inode]#* }" "$name" || return 2
        else
            cp -aT --remove-destination "$source/$name" "$name" || return 2
            copied["$inode"]="$(stat -c %i "$name") $PWD/$name"
        fi
    done < <(ls -AU --zero "$source")
    touch -r "$old" .
}

# dress SOURCE: makes the working directory what a directory of the payload is.
dress() {
    chown --reference="$1" .
    chmod --reference="$1" .
    (cd "$1" && getfattr -hd .) | setfattr --restore=-
    touch -r "$1" .
}

# age TREE N SEED: what a job does with its root: removes, makes anew, changes.
age() {
    local n=$2 path paths
    RANDOM=$3
    for ((; n > 0; n--)); do
        mapfile -td '' paths < <(find "$1" -mindepth 2 -print0 | sort -z)
        [ ${#paths[@]} -gt 0 ] || break
        path=${paths[RANDOM % ${#paths[@]}]}
        case $((RANDOM % 7)) in
        0 | 1) rm -rf "$path" ;;
        2) rm -rf "$path" && mkdir "$path" ;;
        3) rm -rf "$path" && echo "aged $n" >"$path" ;;
        4) rm -rf "$path" && mkdir "$path" && echo "aged $n" >"$path/a" ;;
        5) chmod $((RANDOM % 8))7$((RANDOM % 8)) "$path" 2>/dev/null || true ;;
        6) [ -L "$path" ] || [ ! -d "$path" ] || is_there "$path/b" || echo "aged $n" >"$path/b" ;;
        esac
    done
}

# plain AGED: of an upper that was kept, nobody can say whose a directory is that the lower has not: it is
# compared without what it gets from whom it belongs to.
plain() {
    if [ "$1" -gt 0 ]; then
        sed -E '/^(# file: |user\.|$)/d; s/ d [0-7]+ [0-9]+ [0-9]+ [0-9.]+ $/ d/'
    else
        cat
    fi
}

# equivalent SEED [AGED]: AGED: onto an upper that was kept, and written to so often.
equivalent() {
    boxed <<END
    $(declare -f is_there grow prune reference dress age plain)
    declare -A copied made
    grow lower 80 $1
    chmod o+x lower # a closed one is opened
    grow source/p 120 $((1000 + $1))
    mkdir reference reference/{upper,work,root}
    chmod --reference=lower reference/upper up/upper
    touch -r lower reference/upper up/upper
    if [ ${2:-0} -gt 0 ]; then
        show
        age root $((${2:-0})) $((2000 + $1))
        prune source/p root
        umount root
        rmdir reference/upper
        cp -a up/upper reference/upper
    else
        prune source/p lower
    fi
    mount -t overlay -o lowerdir=lower,upperdir=reference/upper,workdir=reference/work overlay reference/root
    refused=0
    top=\$PWD
    cd reference/root
    reference "\$top/source/p" || refused=\$?
    cd "\$top"
    rm -f tmp/tmp.*
    if [ \$refused -eq 1 ]; then
        fails 'payload *: it would hide a directory *' rule 'tree /p /'
        exit
    fi
    [ \$refused -eq 0 ]
    copy rule 'tree /p /'
    manifest root | sed 1d | plain ${2:-0} >tmp/got
    manifest reference/root | sed 1d | plain ${2:-0} >tmp/wanted
    diff tmp/wanted tmp/got
    [ "\$(wc -l <tmp/got)" -gt 60 ]
END
}

@test "a copied random tree is what the tools make of it, seeds 1 to 4" {
    for seed in {1..4}; do equivalent "$seed"; done
}

# bats test_tags=slow
@test "a copied random tree is what the tools make of it, seeds 5 to 8" {
    for seed in {5..8}; do equivalent "$seed"; done
}

# bats test_tags=slow
@test "a copied random tree is what the tools make of it, seeds 9 to 12" {
    for seed in {9..12}; do equivalent "$seed"; done
}

@test "onto an upper that was kept: a copied random tree is what the tools make of it, seeds 13 to 18" {
    for seed in {13..18}; do equivalent "$seed" 40; done
}
