error: this is no iPXE script: it begins with '#!ipxes' (its first line is #!ipxe)
