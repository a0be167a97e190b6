error: line 1: this is no iPXE script: it begins with '#!/bin/sh' (its first line is #!ipxe)
