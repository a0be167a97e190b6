error: line 2: ${domain} has no value here, and is the host of a URL (set it before)
