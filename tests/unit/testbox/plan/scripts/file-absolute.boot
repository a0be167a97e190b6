boot
kernel: file:///boot/vmlinuz
args: quiet
