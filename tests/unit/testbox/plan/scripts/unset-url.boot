error: line 2: initrd: a URL is missing
