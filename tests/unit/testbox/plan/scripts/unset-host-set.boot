error: line 3: kernel: a URL of http has no host
