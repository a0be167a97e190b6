error: line 3: the kernel's initrd=y.cgz names no image of the script
