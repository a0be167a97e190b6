error: line 2: chain: '||' is not known here
