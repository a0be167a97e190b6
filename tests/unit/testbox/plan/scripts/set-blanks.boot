boot
kernel: http://s/v
args: one two three
