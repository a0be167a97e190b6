boot
kernel: http://s/v
args: a="b c" 'd'
