error: line 2: the kernel's command line has 2100 bytes, and the kernel reads 2047
