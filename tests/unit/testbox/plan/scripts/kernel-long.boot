error: line 2: the kernel's command line has 2199 bytes, and the kernel reads 2047
