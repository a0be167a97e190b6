error: line 2: ${ip} has no value here
