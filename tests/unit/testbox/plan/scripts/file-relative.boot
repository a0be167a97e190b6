boot
kernel: file:///srv/lab%20one/boot/vmlinuz
args: quiet
initrd: file:///srv/lab%20one/images/a.cgz
