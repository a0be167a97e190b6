error: line 2: ${net0/next-server} has no value here, and is the host of a URL (set it before)
