boot
kernel: http://s/new
args: b
