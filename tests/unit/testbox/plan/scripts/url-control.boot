error: line 2: kernel: 'http://s/v\x01x' is no URL
