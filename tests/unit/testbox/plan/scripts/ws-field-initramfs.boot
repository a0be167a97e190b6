boot
kernel: http://172.17.0.1:3000/srv/os/openeuler/x86_64/20.03/boot/vmlinuz-4.19.90-2003.4.0.0036.oe1.x86_64
args: user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro rdinit=/sbin/init prompt_ramdisk=0 console=tty0 console=ttyS0,115200 rootfs_disk=/dev/vda
initrd: http://172.17.0.1:3000/srv/initrd/osimage/openeuler/x86_64/20.03/20210609.0.cgz
initrd: http://172.17.0.1:3000/srv/os/openeuler/x86_64/20.03/boot/modules-4.19.90-2003.4.0.0036.oe1.x86_64.cgz
initrd: http://172.17.0.1:3000/srv/initrd/osimage/openeuler/x86_64/20.03/run-ipconfig.cgz
initrd: http://172.17.0.1:3000/srv/scheduler/pending-jobs/25030310160812300/job.cgz
job: 25030310160812300
disks: 3
disk size: 68719476736
nics: 2
echo: ipxe will boot job id=25030310160812300, ip=, mac=0a:01:02:03:04:05
echo: result_root=/result/boot/2025-03-03/vm/openeuler-20.03-x86_64/1/25030310160812300
