error: line 2: set: a name is missing
