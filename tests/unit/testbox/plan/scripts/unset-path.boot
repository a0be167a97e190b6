boot
kernel: http://s//vmlinuz
args: a= bc
initrd: http://s/x?mac=0a:01:02:03:04:05&u=
