boot
kernel: http://s/v?x=a%20b%2Fc
args: 
