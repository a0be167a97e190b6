error: line 4: the kernel's initrd=vmlinuz names no image of the script
