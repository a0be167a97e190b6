boot
kernel: http://sched:3000/boot.ipxe/mac/v
args: 
initrd: http://sched:3000/boot.ipxe/images/a.cgz
initrd: http://sched:3000/top.cgz
initrd: http://sched:3000/boot.ipxe/mac/beside.cgz?v=1
initrd: http://other/b.cgz
