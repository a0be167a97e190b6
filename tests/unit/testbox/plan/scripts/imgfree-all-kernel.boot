error: line 6: boot: no kernel was named before (imgfree has freed it)
