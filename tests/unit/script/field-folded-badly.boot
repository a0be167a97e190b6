error: line 4: 'initrd=a.cgz' is not known here (known are boot, chain, clear, echo, exit, imgfetch, imgfree, initrd, kernel, reboot, set and sleep)
