boot
kernel: http://srv/vmlinuz
args: 
echo: No job now, only yesterday
