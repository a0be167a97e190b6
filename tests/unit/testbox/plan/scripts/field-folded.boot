boot
kernel: http://s/vmlinuz
args: user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro
initrd: http://s/a.cgz
