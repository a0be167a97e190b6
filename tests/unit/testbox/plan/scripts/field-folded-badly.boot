error: line 4: 'initrd=a.cgz' is not known here (known are boot, chain, clear, dhcp, echo, exit, imgfetch, imgfree, initrd, kernel, reboot, set, sleep)
