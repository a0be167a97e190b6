error: line 2: nr_disk='many': it takes a number up to 24
