error: this is no iPXE script: it begins with '<!DOCTYPE html>' (its first line is #!ipxe)
