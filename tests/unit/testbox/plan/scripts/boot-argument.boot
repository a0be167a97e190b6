error: line 2: boot: an argument is not known here (kernel, then boot)
