boot
kernel: http://172.168.131.113:8000/os/openeuler/aarch64/20.03-iso-2021-08-24-18-01-07/boot/vmlinuz-4.19.90-2003.4.0.0036.oe1.aarch64
args: user=lkp job=/lkp/scheduled/job.yaml ip=dhcp local use_root_partition= save_root_partition= os_version=20.03-iso os_lv_size=20G os_partition= rw root=172.168.131.113:/os/openeuler/aarch64/20.03-iso-2021-08-24-18-01-07 rootfs_disk=/dev/vdb crashkernel=auto
initrd: http://172.168.131.113:8000/os/openeuler/aarch64/20.03-iso-2021-08-24-18-01-07/boot/initramfs.lkp-4.19.90-2003.4.0.0036.oe1.aarch64.img
initrd: http://172.168.131.113:8000/os/openeuler/aarch64/20.03-iso-2021-08-24-18-01-07/boot/modules-4.19.90-2003.4.0.0036.oe1.aarch64.cgz
initrd: http://172.168.131.113:3000/job_initrd_tmpfs/crystal.3584978/job.cgz
job: crystal.3584978
