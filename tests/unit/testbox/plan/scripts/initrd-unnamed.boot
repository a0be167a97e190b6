error: the kernel's initrd=y.cgz names no image of the script
