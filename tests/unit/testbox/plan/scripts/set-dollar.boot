error: line 3: ${a} has no value here
