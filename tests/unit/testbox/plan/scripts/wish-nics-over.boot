error: line 2: nr_nic='9': it takes a number up to 8
