error: line 2: initrd: option '--timeout' is not known here
