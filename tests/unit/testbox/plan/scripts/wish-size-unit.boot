boot
kernel: http://srv/vmlinuz
args: 
disk size: 21474836480
