error: line 2: kernel: 'http://s:99999/v' is no URL
