#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder pack, job, rootfs, cat: what is in what they make, and that verify has no complaint.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../initrd.bash"

# unpack FILE: into the directory `unpacked`.
unpack() {
    rm -rf unpacked
    mkdir unpacked
    (cd unpacked && gzip -dc <"../$1" | cpio -id --quiet)
}

# listing FILE: type, rights, owner, size and path of each entry.
listing() {
    gzip -dc <"$1" | cpio -tvn --quiet | awk '{ print $1, $3, $4, $9, $10, $11 }'
}

@test "pack: directories and files, links and pipes, all of root" {
    tree x a/file=text 'a/link -> file' 'é ü=1'
    ln x/a/file x/a/hard
    chmod 4755 x/a/file
    mkfifo x/pipe
    tree y sub/of-y=1
    echo alone >alone
    run -0 "$BUILDER" pack x y alone -o out.cgz
    [[ $output =~ ^\ +[0-9.]+\ s\ \ archive:\ .*out.cgz,\ [0-9.]+\ MB$ ]]
    unpack out.cgz
    mkdir want
    cp -a x/. y/. alone want/
    diff <(cd want && find . -printf '%P %y %m %n %l\n' | grep -v '^ ' | sort) \
        <(cd unpacked && find . -printf '%P %y %m %n %l\n' | grep -v '^ ' | sort)
    diff -r want/a unpacked/a
    [ "$(listing out.cgz | awk '{ print $2, $3 }' | sort -u)" = '0 0' ]
    [ "$(stat -c %a out.cgz)" = 644 ]
    args=out.cgz finds_nothing
}

@test "pack: --prefix puts it below, with the directories on the way" {
    tree x file=1
    echo alone >alone
    "$BUILDER" pack x alone --prefix /opt/some//where -o out.cgz
    [ "$(gzip -dc <out.cgz | cpio -t --quiet)" = 'opt
opt/some
opt/some/where
opt/some/where/file
opt/some/where/alone' ]
    args=out.cgz finds_nothing
    run -2 "$BUILDER" pack x --prefix ../x -o out.cgz
}

@test "pack: a real /lib or /bin at the top is warned of" {
    tree x lib/file=1 usr/bin/x=1
    run -0 "$BUILDER" pack x -o out.cgz
    [[ $output == *'warning: /lib in it is a directory: behind an image that has a link there it takes that away; use /usr/lib'* ]]
    [ "$(grep -c warning <<<"$output")" -eq 1 ]
    run -0 "$BUILDER" pack x/usr --prefix sbin -o out.cgz
    [[ $output == *'warning: /sbin in it is a directory'* ]]
}

@test "pack: the same tree gives the same bytes, wherever it lies and whoever owns it" {
    tree x b=1 a=2 'c -> a'
    cp -a x elsewhere
    touch -d @1800000000 elsewhere/a
    export SOURCE_DATE_EPOCH=1700000000
    "$BUILDER" pack x -o one.cgz
    "$BUILDER" pack elsewhere -o two.cgz
    cmp one.cgz two.cgz
    gzip -dc <one.cgz | cpio -t --quiet | sort -c
}

@test "pack: a SOURCE_DATE_EPOCH that is no time is refused in one line" {
    tree x a=1
    for epoch in '' x 1e9 -1 ' 5' 4294967296 99999999999999999999; do
        SOURCE_DATE_EPOCH=$epoch run -1 "$BUILDER" pack x -o one.cgz
        [ "$output" = "initrd-builder: SOURCE_DATE_EPOCH: \"$epoch\" is no time (seconds since 1970, as date +%s has them)" ]
        [ ! -e one.cgz ]
    done
    SOURCE_DATE_EPOCH=4294967295 "$BUILDER" pack x -o one.cgz
}

@test "pack: what fails leaves the old file, and nothing of its own" {
    tree out old.cgz=old
    run -1 "$BUILDER" pack nowhere -o out/old.cgz
    [[ $output == *'nowhere: No such file or directory'* ]]
    [ "$(cat out/old.cgz)" = old ]
    [ "$(ls -A out)" = old.cgz ]
    run -1 "$BUILDER" pack out -o nowhere/x.cgz
    run -2 "$BUILDER" pack out
    run -2 "$BUILDER" pack -o x.cgz
    run -2 "$BUILDER" pack out -o out/
    # into the directory that is packed: not itself
    "$BUILDER" pack out -o out/new.cgz
    [ "$(gzip -dc <out/new.cgz | cpio -t --quiet)" = old.cgz ]
}

@test "what is there and no file is not replaced" {
    tree in a=1
    mkdir folder
    mkfifo pipe
    ln -s pipe link
    ln -s /proc/self/fd/1 stdout
    for place in folder pipe link stdout; do
        run -1 "$BUILDER" pack in -o $place
        [[ $output == *"$place: this is no file, and is not replaced (name a file, or a place for one)"* ]]
    done
    [ -d folder ] && [ -p pipe ] && [ "$(readlink link stdout)" = "pipe
/proc/self/fd/1" ]
    # a link to a file is replaced, as a file is
    : >old
    ln -s old new
    "$BUILDER" pack in -o new
    [ ! -L new ] && [ ! -s old ]
}

# exports NAME: what the shell has in it after export_top_env of the job's script.
exports() {
    # shellcheck disable=SC2016 # the inner shell expands
    env -i sh -c '. ./unpacked/lkp/scheduled/job.sh; export_top_env; env -0' |
        sed -zn "s/^$1=//p" | tr -d '\0'
}

@test "job: the script exports the YAML's scalars as they are, whatever is in them" {
    cat >job.yaml <<'END'
suite: probe
quotes: "it's \"so\" $HOME `id` $(id) \\ !"
blanks: "  two  "
lines: |
  one
  'two'
number: 600
negative: -1
truth: true
empty:
nothing: ~
quoted_null: "null"
unicode: é
anchor: &here value
alias: *here
list:
- a b
- "c'd"
mixed: [a, {b: c}]
map: {inner: 1}
bad-name: 1
1bad: 1
"injected; touch pwned": 1
END
    run -0 "$BUILDER" job job.yaml -o job.cgz
    unpack job.cgz
    cmp job.yaml unpacked/lkp/scheduled/job.yaml
    [ "$(stat -c %a unpacked/lkp/scheduled/job.sh)" = 755 ]
    [ "$(exports suite)" = probe ]
    # shellcheck disable=SC2016 # as it is
    [ "$(exports quotes)" = 'it'\''s "so" $HOME `id` $(id) \ !' ]
    [ "$(exports blanks)" = '  two  ' ]
    [ "$(exports lines)" = "one
'two'" ]
    [ "$(exports number)$(exports negative)$(exports truth)" = 600-1true ]
    [ "$(exports empty)$(exports nothing)" = '' ]
    [ "$(grep -c "^	export \(empty\|nothing\)=''$" unpacked/lkp/scheduled/job.sh)" -eq 2 ]
    [ "$(exports quoted_null)" = null ]
    [ "$(exports unicode)$(exports anchor)$(exports alias)" = évaluevalue ]
    [ "$(exports list)" = "a b
c'd" ]
    run -1 grep -E 'mixed|map|bad|pwned' unpacked/lkp/scheduled/job.sh
    [ ! -e pwned ]
    [ "$(exports LKP_SRC)" = /lkp/lkp/src ]
    args=job.cgz finds_nothing
}

@test "job: << of an alias and of a mapping is merged" {
    printf '%s\n' 'base: &base {one: 1, two: 2}' '<<: [*base, {three: 3}]' 'two: own' >job.yaml
    "$BUILDER" job job.yaml -o job.cgz
    unpack job.cgz
    [ "$(exports one)$(exports two)$(exports three)" = 1own3 ]
}

@test "job: names that a shell lets nobody set do not end the job" {
    printf '%s: 1\n' UID EUID PPID SHELLOPTS BASHOPTS BASH_VERSINFO last >job.yaml
    "$BUILDER" job job.yaml -o job.cgz
    unpack job.cgz
    for shell in sh 'bash --posix'; do
        # shellcheck disable=SC2086 # words
        run -0 $shell unpacked/lkp/scheduled/job.sh export_top_env
        [ -z "$output" ]
    done
    grep -q "export last='1'" unpacked/lkp/scheduled/job.sh
}

@test "job: a script of one's own, and LKP's sources" {
    tree src bin/run-lkp='#!/bin/sh' 'lib/link -> ../bin'
    echo 'suite: x' >job.yaml
    printf "%s\n" "#!/bin/sh" "echo own" >mine.sh
    "$BUILDER" job job.yaml mine.sh --lkp-src src -o job.cgz
    unpack job.cgz
    cmp mine.sh unpacked/lkp/scheduled/job.sh
    diff -r --no-dereference src unpacked/lkp/lkp/src
    args=job.cgz finds_nothing
}

@test "job: --service brings a service that runs job.sh, which verify takes as a job; not beside LKP's sources" {
    echo 'suite: x' >job.yaml
    printf "%s\n" "#!/bin/sh" "echo own" >mine.sh
    "$BUILDER" job job.yaml mine.sh --service -o job.cgz
    unpack job.cgz
    grep -qx 'ExecStart=/lkp/scheduled/job.sh' unpacked/lkp/lkp/src/rootfs/addon/etc/systemd/system/lkp-bootstrap.service
    args=job.cgz finds_nothing
    tree src bin/run-lkp='#!/bin/sh'
    run -1 "$BUILDER" job job.yaml mine.sh --service --lkp-src src -o none.cgz
    [[ $output == *"job.yaml: both LKP's sources and a service of ours would start the job (leave out one of the two)" ]]
    [ ! -e none.cgz ]
}

@test "job: sbin/job2sh of LKP's sources makes the script; .git stays here" {
    tree src bin/run-lkp='#!/bin/sh' .git/HEAD=ref lib/.git/kept=1
    mkdir src/sbin
    # shellcheck disable=SC2016 # the program's own
    printf '%s\n' '#!/bin/sh' 'echo warning >&2' 'echo "# $LKP_SRC ${1##*/}"' >src/sbin/job2sh
    chmod +x src/sbin/job2sh
    echo 'suite: x' >job.yaml
    run -0 "$BUILDER" job job.yaml --lkp-src src -o job.cgz
    [[ $output != *warning* ]]
    unpack job.cgz
    [ "$(cat unpacked/lkp/scheduled/job.sh)" = "# $PWD/src job.yaml" ]
    [ ! -e unpacked/lkp/lkp/src/.git ]
    [ -e unpacked/lkp/lkp/src/lib/.git/kept ]
    # What it refuses is told in its words.
    printf '%s\n' '#!/bin/sh' 'echo one >&2' 'echo "ERROR: not atomic" >&2' 'exit 3' >src/sbin/job2sh
    run -1 "$BUILDER" job job.yaml --lkp-src src -o none.cgz
    [[ $output == *"src/sbin/job2sh: status 3: ERROR: not atomic (lkp split-job makes job files of it)" ]]
    : >src/sbin/job2sh
    printf '%s\n' '#!/bin/sh' : >src/sbin/job2sh
    run -1 "$BUILDER" job job.yaml --lkp-src src -o none.cgz
    [[ $output == *'src/sbin/job2sh: it made no script' ]]
    [ ! -e none.cgz ]
}

@test "job: without job2sh or its ruby the script says what is missing, and so does the program" {
    tree src bin/run-lkp='#!/bin/sh' sbin/job2sh='#!/usr/bin/env ruby'
    echo 'suite: x' >job.yaml
    run -0 "$BUILDER" job job.yaml -o job.cgz
    [[ $output == *'warning: job.yaml: job.sh cannot run the job: there are no sources of LKP '* ]]
    run -0 "$BUILDER" job job.yaml --lkp-src src -o job.cgz
    [[ $output == *'cannot run the job: --lkp-src has no sbin/job2sh '* ]]
    chmod +x src/sbin/job2sh
    PATH=$PWD run -0 "$BUILDER" job job.yaml --lkp-src src -o job.cgz
    [[ $output == *'cannot run the job: ruby is not installed '* ]]
    unpack job.cgz
    mkdir results
    TMP_RESULT_ROOT=$PWD/results run -127 unpacked/lkp/scheduled/job.sh run_job
    [ "$output" = 'job.sh: it cannot run the job: it was made without sbin/job2sh of LKP: ruby is not installed' ]
    [ "$(cat results/last_state)" = 'test.run_job.exit_code.127: 1' ]
}

@test "job: what is no job is refused, with the line" {
    printf 'a: 1\nb: [\n' >bad.yaml
    run -1 "$BUILDER" job bad.yaml -o job.cgz
    [[ $output == 'initrd-builder: bad.yaml: line 3: '* ]]
    : >bad.yaml
    run -1 "$BUILDER" job bad.yaml -o job.cgz
    [[ $output == *'bad.yaml: no job: the file is empty' ]]
    # LKP's own job files: each is what lkp split-job makes jobs of.
    echo '- list' >bad.yaml
    printf 'a: 1\n---\nb: 2\n' >several.yaml
    printf 'a: 1\n\n<<: other.yaml\n' >file.yaml
    while read -r file text; do
        run -1 "$BUILDER" job "$file.yaml" -o job.cgz
        [[ $output == "initrd-builder: $file.yaml: $text (lkp split-job makes job files of it)" ]]
    done <<'END'
bad line 1: the file: "key: value" is wanted
several line 2: a second document begins
file line 3: <<: only a mapping of this file is merged
END
    printf 'a: 1\nb: "x\\0y"\n' >bad.yaml
    run -1 "$BUILDER" job bad.yaml -o job.cgz
    [[ $output == *'bad.yaml: line 2: b: a NUL in it'* ]]
    run -1 "$BUILDER" job nowhere.yaml -o job.cgz
    run -2 "$BUILDER" job -o job.cgz
    run -2 "$BUILDER" job a b c -o job.cgz
    [ ! -e job.cgz ]
}

@test "job: YAML that is deeper than any job is refused at once" {
    { printf 'a: '; head -c 3000000 /dev/zero | tr '\0' '['; } >deep.yaml
    run -1 timeout 60 "$BUILDER" job deep.yaml -o job.cgz
    [[ $output == *'deep.yaml: more than 100 levels of YAML'* ]]
}

@test "cat: what the kernel wants stands between, whatever the sizes and compressions" {
    tree a one=1
    tree b two=2
    for first in $COMPRESSIONS; do
        for second in lz4 none gzip; do
            archive a | compress "$first" >one
            args=one finds_nothing
            archive b | compress "$second" >two
            "$BUILDER" cat one two one -o all
            args=all finds_nothing
            "$BUILDER" inspect --json all | jq -r '.[0].segments[].entries' >entries
            [ "$(wc -l <entries)" -eq 3 ]
        done
    done
}

@test "cat: one file stays as it is; what is no initrd is refused" {
    tree a one=1
    archive a | gzip -n >one
    "$BUILDER" cat one -o all
    cmp one all
    run -1 "$BUILDER" cat one initrd_is_no_file -o all
    echo text >text
    run -1 "$BUILDER" cat one text -o all
    [[ $output == *'text: this is no initrd (initrd-builder pack makes one)'* ]]
    cmp one all
    run -2 "$BUILDER" cat -o all
    run -2 "$BUILDER" cat one
}

@test "rootfs: a root with its links and owners; one without init is refused" {
    tree root usr/lib/systemd/systemd=x 'usr/sbin/init -> ../lib/systemd/systemd' 'sbin -> usr/sbin' etc/os-release=x
    run -1 "$BUILDER" rootfs root -o root.cgz
    [[ $output == *'root: no program /sbin/init (install systemd-sysv in it, or another init)'* ]]
    [ ! -e root.cgz ]
    chmod 755 root/usr/lib/systemd/systemd
    "$BUILDER" rootfs root -o root.cgz
    [ "$(listing root.cgz | awk '{ print $2, $3 }' | sort -u)" = "$(id -u) $(id -g)" ]
    unpack root.cgz
    diff -r --no-dereference root unpacked
    args=root.cgz finds_nothing
    run -0 "$BUILDER" inspect root.cgz
    [[ $output == *'whole root' ]]
    run -2 "$BUILDER" rootfs root root -o root.cgz
}
