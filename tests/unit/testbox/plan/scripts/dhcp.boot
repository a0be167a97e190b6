boot
kernel: http://srv/vmlinuz
args: ip=dhcp
