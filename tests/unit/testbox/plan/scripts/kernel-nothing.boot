error: line 2: kernel: a URL is missing
