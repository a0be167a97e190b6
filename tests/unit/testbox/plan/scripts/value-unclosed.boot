boot
kernel: http://s/v
args: a=${mac
