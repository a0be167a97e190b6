boot
kernel: http://srv/vmlinuz
args: 
initrd: http://s/;rm/job.cgz
