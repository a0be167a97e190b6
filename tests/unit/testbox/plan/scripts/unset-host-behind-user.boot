error: line 2: ${server} has no value here, and is the host of a URL (set it before)
