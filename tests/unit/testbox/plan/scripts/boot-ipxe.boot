chain
chain: http://172.168.131.2:3000/boot.ipxe/mac/0a-01-02-03-04-05
