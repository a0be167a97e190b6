error: line 2: initrd: 'file:///etc/shadow': a server names a file of this host
