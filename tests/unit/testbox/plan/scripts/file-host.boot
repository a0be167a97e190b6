error: line 2: kernel: 'file://server/boot/vmlinuz' is no URL
