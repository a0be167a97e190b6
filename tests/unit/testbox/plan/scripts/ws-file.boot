error: line 2: kernel: 'file:///boot/vmlinuz': a server names a file of this host
