error: line 2: the kernel's initrd=initrd.magic names no image of the script
