#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: what it refuses. Whole runs are in bench_runs.bats.

. "$BATS_TEST_DIRNAME/bench.bash"

@test "bench: what is asked for wrongly is refused, with what there is" {
    run env ONLY=imago "$BENCHMARK"
    [[ $status == 2 && $output == *'ONLY=imago: there are boot initramfs '* ]]
    for wrong in PAIRS=0 PAIRS=99999999999999999999 MACHINES=many 'ONLY=,' 'ONLY=boot;x'; do
        run env "$wrong" "$BENCHMARK"
        [[ $status == 2 && $output == "bench: ${wrong%;*}"* ]]
    done
    [[ ! -e $BENCH ]]
}

@test "bench: a second run beside the first is refused, and takes none of its files" {
    mkdir "$BENCH"
    touch "$BENCH/first"
    run flock "$BENCH.lock" env ONLY=image PAIRS=1 "$BENCHMARK"
    [[ $status == 1 && $output == *'another run has '*': its results would go'* ]]
    [[ -e $BENCH/first ]]
}

# A card that asks for a server's address N times at once, and says the milliseconds until the first answer and
# the number of answers.
ask() {
    lab perl -MSocket -MTime::HiRes=time - "$@" <<'END'
my ($path, $n) = @ARGV;
my $mac = pack 'H12', '525400000001';
my $frame = ("\xff" x 6) . $mac . pack('nnnCCn', 0x806, 1, 0x800, 6, 4, 1) . $mac . inet_aton('10.9.0.2') . ("\0" x 6) . inet_aton('10.9.0.1');
socket my $card, PF_UNIX, SOCK_STREAM, 0 or die;
connect $card, sockaddr_un($path) or die "connect: $!";
binmode $card;
my ($begin, $took, $answers) = (time, 0, 0);
syswrite $card, (pack('N', length $frame) . $frame) x $n;
$SIG{ALRM} = sub { print "no more after $answers\n"; exit };
alarm 30;
while ($answers < $n && read($card, my $head, 4) == 4) {
    read $card, my $got, unpack 'N', $head;
    next if substr($got, 12, 2) ne "\x08\x06" || substr($got, 0, 6) ne $mac;
    $took = int((time - $begin) * 1000) unless $answers++;
}
print "$took $answers\n";
END
}

@test "bench: a server that is far away answers after twice the delay, and no frame is lost" {
    . "$BATS_TEST_DIRNAME/../lib/lab.bash"
    lab_start
    lab_bridge far 10.9.0.1/24
    lab_nic far0 far
    lab "$BUILD/tests/bench/delay" far0 "$BATS_TEST_TMPDIR/card" 40 >"$BATS_TEST_TMPDIR/delay.log" 2>&1 3>&- &
    local delay=$! took answers
    wait_line "$BATS_TEST_TMPDIR/delay.log" '^ready' 60 "$delay"
    read -r took answers < <(ask "$BATS_TEST_TMPDIR/card" 300)
    echo "the first of $answers answers came after $took ms"
    ((answers == 300 && took >= 80 && took < 1000))
    # It ends with the machine.
    wait "$delay"
    lab_stop
}
