boot
kernel: http://s/
args: 
