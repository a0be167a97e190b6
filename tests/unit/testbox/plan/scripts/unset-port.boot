boot
kernel: http://s/vmlinuz
args: 
