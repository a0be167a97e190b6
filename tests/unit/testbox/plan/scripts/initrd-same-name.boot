boot
kernel: http://srv/vmlinuz
args: 
initrd: http://s/one/x.cgz
initrd: http://s/two/x.cgz
