boot
kernel: http://s/vmlinuz
args: quiet
initrd: http://s/x
