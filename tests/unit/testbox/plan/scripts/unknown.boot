error: line 3: 'ifopen' is not known here (known are boot, chain, clear, dhcp, echo, exit, imgfetch, imgfree, initrd, kernel, reboot, set, sleep)
