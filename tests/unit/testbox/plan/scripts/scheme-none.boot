error: line 2: kernel: a URL of http has no host
