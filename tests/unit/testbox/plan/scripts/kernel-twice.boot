boot
kernel: http://srv/vmlinuz
args: b
initrd: http://s/old
