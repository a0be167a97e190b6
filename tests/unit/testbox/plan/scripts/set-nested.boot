boot
kernel: http://s/v-a
args: m=0a0102030405 h=vm-2p8g-1
