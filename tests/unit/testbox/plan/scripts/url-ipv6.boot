boot
kernel: http://[fd00::1]:8080/v
args: 
