error: line 2: sleep: it takes a number of seconds up to 3600
