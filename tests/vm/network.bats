#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The network as the kernel command line asks for it, and that it stays up under every root.
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a process of its own; variables of the library

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/server-dhcp.bash"

LINE='user=lkp job=/lkp/scheduled/job.yaml rootovl ro'
MAC=52:54:00:aa:bb:05

# tell_addresses: the job says what addresses the machine has.
tell_addresses() {
    # shellcheck disable=SC2016 # for the guest
    printf '%s\n' 'section inet6 cat /proc/net/if_inet6' \
        'say addresses "$(echo $(hostname -I; cut -d " " -f 1 /proc/net/if_inet6))"' \
        >"$JOB/lkp/scheduled/extra"
}

@test "network: three cards, one without a cable, one that is not BOOTIF: only that one is used, at once" {
    lab_bridge farm 10.1.0.1/24
    lab_bridge other 10.2.0.1/24
    SERVER=10.1.0.1
    serve_nfs debian-12 debian/12
    dhcp_start "$DIR" other --dhcp-range=10.2.0.50,10.2.0.99,2m
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m --dhcp-host=$MAC,10.1.0.77
    MACHINE_OPTIONS="-n $(lab_nic tap0 other) -l dead"
    DEVICES="-nic hubport,hubid=0,id=dead,model=virtio-net-pci -nic $(lab_nic tap1 farm ",mac=$MAC")"
    make_job
    tell_addresses
    # As MAAS writes it.
    boot lean debian-12 "$LINE ip=::::node7:BOOTIF:dhcp ip6=off BOOTIF=01-${MAC//:/-} root=nfs:$SERVER:$EXPORT/debian/12"
    good_boot nfs4
    [[ $(fact addresses) == '10.1.0.77'* && $(fact addresses) != *10.2.* ]]
    [[ $(grep -c DHCPDISCOVER "$(dhcp_log "$DIR" other)") == 0 ]]
    # All of it, the lease included: a wait for the other cards would be 10 s and more.
    length=$(jq .length_ms "$DIR/report.json")
    echo "the root was ready in $length ms"
    ((length < 8000))
}

@test "network: a renamed card, a VLAN on it, a static address, a route, a name server, systemd 257" {
    lab_vlan farm 5 10.5.0.1/24 "$DIR" ",mac=$MAC"
    lab ip address add 10.9.0.1/32 dev lo
    dhcp_start "$DIR" farm --dhcp-range=10.5.0.50,10.5.0.99,2m --address=/files.lab/10.9.0.1
    serve_nfs debian-13 debian/13
    MACHINE_OPTIONS="-n $VLAN_NIC"
    make_job
    tell_addresses
    boot lean-106 debian-13 "$LINE ifname=bootnet:$MAC vlan=vlan5:bootnet \
        ip=10.5.0.15:::255.255.255.0:testbox:vlan5:none nameserver=10.5.0.1 \
        rd.route=10.9.0.0/16:10.5.0.1:vlan5 root=nfs:files.lab:$EXPORT/debian/13"
    good_boot nfs4
    [[ $(fact addresses) == '10.5.0.15'* ]]
    [[ $(fact lower_options) == *addr=10.9.0.1* ]]
}

# bats test_tags=slow
@test "network: IPv6 by DHCP, an NFS root" {
    SERVER='[fd00:1::1]'
    lab_bridge farm fd00:1::1/64
    serve_nfs debian-12 debian/12
    dhcp_start "$DIR" farm --enable-ra --dhcp-range=fd00:1::100,fd00:1::1ff,64,2m
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm)"
    make_job
    tell_addresses
    boot lean debian-12 "$LINE ip=dhcp6 root=nfs:$SERVER:$EXPORT/debian/12"
    good_boot nfs4
    # one of those that are given out
    [[ $(fact addresses) == *fd0000010000000000000000000001* ]]
    [[ $(fact lower_options) == *clientaddr=fd00:1::1*,addr=fd00:1::1* ]]
    # and it does not expire: permanent, 0x80
    section inet6 | grep -q '^fd0000010000000000000000000001.* 80 '
}

@test "network: IPv6 by router advertisements, a CIFS root, systemd 257" {
    SERVER='[fd00:1::1]'
    lab_bridge farm fd00:1::1/64
    serve_smb posix debian-13 debian/13
    dhcp_start "$DIR" farm --enable-ra --dhcp-range=fd00:1::,ra-only,64,2m
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm)"
    make_job
    boot lean-106 debian-13 "$LINE ip=auto6 root=cifs://$SERVER/os/debian/13,guest,vers=3.1.1,posix"
    SETUID=755 good_boot cifs
    [[ $(fact lower_options) == *addr=fd00:* ]]
}

@test "network: a malformed ip= is an error that names it, at once" {
    pack_witness
    boot lean debian-12 "$LINE ip=10.0.2.15::10.0.2.2:33::eth0:none root=nfs:$SERVER:/srv" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell plan 'bad value of ip: "10.0.2.15::10.0.2.2:33::eth0:none"'
}

# nameless: the root names neither itself nor a name server. RENAME: a file by which its udev renames the
# card, and what is in it.
nameless() {
    lab rm -f "$LOWER/etc/hostname" "$LOWER/etc/resolv.conf"
    lab sh -c "echo 127.0.0.1 localhost >'$LOWER/etc/hosts'"
    if [[ -n ${RENAME:-} ]]; then
        lab mkdir -p "$LOWER/etc/systemd/network" "$LOWER/etc/udev/rules.d"
        lab sh -c "cat >'$LOWER/etc/${RENAME[0]}'" < <(printf '%s\n' "${RENAME[@]:1}")
    fi
}
# A .link file, and a rule as older systems wrote it; only Linux 6.2 and later rename what is up.
LINK=(systemd/network/00-lan.link '[Match]' "MACAddress=$MAC" '[Link]' 'Name=lan0')
RULE=(udev/rules.d/70-persistent-net.rules
    "SUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"$MAC\", ATTR{type}==\"1\", NAME=\"lan0\"")

# under MANAGER FILE CONTENT…: boots a root that MANAGER alone runs the network of, as FILE tells it to;
# the job reads on for 25 s, nothing from its caches, and the address must stay what it was. Names resolve,
# short ones too, and the machine has one. KERNEL: the root whose kernel is booted. CARD: what the card is called then.
under() {
    local manager=$1 units=$JOB/lkp/lkp/src/rootfs/addon/etc/systemd/system unit
    SERVER=10.1.0.1
    lab_bridge farm $SERVER/24
    PREPARE=nameless serve_nfs debian-12-networks debian/12
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m --dhcp-host=$MAC,10.1.0.77,node77 --domain=lab \
        --address=/files.lab/$SERVER --dhcp-option=option:mtu,1400
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm ",mac=$MAC")"
    make_job
    cp "$BATS_TEST_DIRNAME/read-uncached.sh" "$JOB/lkp/scheduled/extra"
    echo "$manager" >"$JOB/lkp/scheduled/manager"
    for unit in NetworkManager networking systemd-networkd; do
        [[ $unit == "$manager" ]] || ln -s /dev/null "$units/$unit.service"
    done
    if (($# > 1)); then
        mkdir -p "${units%/systemd/system}/$(dirname "$2")"
        printf '%s\n' "${@:3}" >"${units%/systemd/system}/$2"
        [[ $2 != *.nmconnection ]] || chmod 600 "${units%/systemd/system}/$2"
    fi
    boot lean "${KERNEL:-debian-12-networks}" "$LINE ip=dhcp rootovl.enable=lkp-bootstrap.service${ENABLE:-} \
        root=nfs:files:$EXPORT/debian/12"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    section failed
    section of_systemd
    section manager
    facts read_failed '' address '10.1.0.77' address_after '10.1.0.77' lifetime forever lost 0 system running \
        hostname node77 short $SERVER mtu 1400 card "${CARD:-ens2}"
}

@test "network: the address stays under a root with networkd that renames the card" {
    RENAME=("${LINK[@]}") KERNEL=debian-13 CARD=lan0
    ENABLE=,systemd-networkd.service under systemd-networkd systemd/network/10-lan.network \
        '[Match]' 'Name=lan0' '[Network]' 'DHCP=no' 'Address=10.1.0.200/24'
    facts manager active
}

@test "network: the address stays under a root with NetworkManager that renames the card" {
    RENAME=("${LINK[@]}") KERNEL=debian-13 CARD=lan0
    under NetworkManager NetworkManager/system-connections/lan.nmconnection \
        '[connection]' 'id=lan' 'uuid=2b1d7c50-0000-4000-8000-000000000001' 'type=ethernet' 'autoconnect=true' \
        '[ipv4]' 'method=manual' 'address1=10.1.0.200/24'
    facts manager active
}

# under_ifupdown: the root's configuration is of a card with another name.
under_ifupdown() {
    under networking network/interfaces 'auto lo' 'iface lo inet loopback' \
        'auto lan0' 'allow-hotplug lan0' 'iface lan0 inet static' '    address 10.1.0.200/24' \
        '    pre-up ip address flush dev lan0'
    facts manager active
}

@test "network: the address stays under a root with ifupdown whose udev renames the card" {
    RENAME=("${RULE[@]}") KERNEL=debian-13 CARD=lan0
    under_ifupdown
}

# bats test_tags=slow
@test "network: the address stays under a root with ifupdown whose udev may not rename the card" {
    RENAME=("${RULE[@]}")
    under_ifupdown
}

# bats test_tags=slow
@test "network: the address stays under a root with nothing of it" {
    under nothing
}

@test "network: systemd 257 renames the card, and a dead battery: the address stays, the clock is set" {
    SERVER=10.1.0.1
    RENAME=("${LINK[@]}")
    lab_bridge farm $SERVER/24
    PREPARE=nameless serve_nfs debian-13 debian/13
    lab sh -c "printf '[Match]\nName=lan0\n[Network]\nAddress=10.1.0.200/24\n' >'$LOWER/etc/systemd/network/00-lan.network'"
    newest=$(lab stat -c %Y "$LOWER/etc")
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m --dhcp-host=$MAC,10.1.0.77
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm ",mac=$MAC")"
    DEVICES='-rtc base=1970-01-02'
    make_job
    {
        cat "$BATS_TEST_DIRNAME/read-uncached.sh"
        # shellcheck disable=SC2016 # for the guest
        echo 'say time "$(date +%s)"'
    } >"$JOB/lkp/scheduled/extra"
    echo systemd-networkd >"$JOB/lkp/scheduled/manager"
    boot lean debian-13 "$LINE ip=dhcp rootovl.hostname=asked \
        rootovl.enable=lkp-bootstrap.service,systemd-networkd.service root=nfs:$SERVER:$EXPORT/debian/13"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    section failed
    section manager
    facts manager active address '10.1.0.77' address_after '10.1.0.77' lost 0 system running \
        hostname asked card lan0
    echo "the time is $(fact time), that of the root's /etc $newest"
    (($(fact time) >= newest && $(fact time) < newest + 3600))
    section report | jq -r '.warnings[]' | grep -q '^the clock said .* is its battery dead?$'
}
