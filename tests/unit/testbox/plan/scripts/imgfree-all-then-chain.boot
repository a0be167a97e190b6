chain
chain: http://s/next
