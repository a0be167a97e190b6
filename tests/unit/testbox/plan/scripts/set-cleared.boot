error: line 4: ${a} has no value here
