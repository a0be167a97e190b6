boot
kernel: http://srv/vmlinuz
args: quiet
