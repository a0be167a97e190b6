error: line 3: ${server} has no value here, and is the host of a URL (set it before)
