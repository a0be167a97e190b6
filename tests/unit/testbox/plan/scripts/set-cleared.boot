error: line 4: kernel: a URL is missing
