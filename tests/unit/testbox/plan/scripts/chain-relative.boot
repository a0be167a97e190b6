chain
chain: http://sched:3000/boot.ipxe/mac/next.ipxe
