boot
kernel: http://s/vmlinuz
args: x=
echo: 
