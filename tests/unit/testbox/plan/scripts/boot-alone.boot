error: line 2: boot: no kernel was named before
