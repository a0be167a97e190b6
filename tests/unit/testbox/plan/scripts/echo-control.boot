boot
kernel: http://s/v
args: 
echo: a ?[2J? b? ü
