boot
kernel: http://os:8000/os/debian/aarch64/sid/vmlinuz
args: user=lkp job=/lkp/scheduled/job.yaml RESULT_ROOT=/result/job root=nfs:os:/os/debian/aarch64/sid rootovl ip=dhcp ro
initrd: http://os:8000/os/debian/aarch64/sid/initrd.lkp
initrd: http://initrd:8800/initrd/lkp/v2021.09.23/lkp-aarch64.cgz
initrd: http://sched:3000/job_initrd_tmpfs/6/job.cgz
job: 6
