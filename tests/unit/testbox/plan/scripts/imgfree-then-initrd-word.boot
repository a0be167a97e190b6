error: line 4: the kernel's initrd=x names no image of the script
