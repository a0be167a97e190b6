error: line 5: the kernel's initrd=y names no image of the script
