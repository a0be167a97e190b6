boot
kernel: http://s/v
args: ip=
