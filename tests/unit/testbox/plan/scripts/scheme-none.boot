error: line 2: kernel: 'http://v/' is no URL
