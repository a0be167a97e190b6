error: line 4: boot: no kernel was named before (imgfree has freed it)
