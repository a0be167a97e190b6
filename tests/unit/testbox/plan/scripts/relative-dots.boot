boot
kernel: http://sched:3000/etc/v
args: 
