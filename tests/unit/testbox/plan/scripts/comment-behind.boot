boot
kernel: http://srv/vmlinuz
args: a#b quiet
