error: line 2: ${nothing} has no value here
