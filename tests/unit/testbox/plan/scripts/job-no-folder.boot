boot
kernel: http://srv/vmlinuz
args: 
initrd: http://srv/job.cgz
