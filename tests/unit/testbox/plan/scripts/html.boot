error: line 1: this is no iPXE script: it begins with '<!DOCTYPE html>' (its first line is #!ipxe)
