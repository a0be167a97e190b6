error: line 1: this is no iPXE script: it begins with '#!ipxes' (its first line is #!ipxe)
