boot
kernel: http://srv/vmlinuz
args: 
initrd: http://s/y
