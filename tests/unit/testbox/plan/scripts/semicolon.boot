error: line 2: kernel: ';' is not known here
