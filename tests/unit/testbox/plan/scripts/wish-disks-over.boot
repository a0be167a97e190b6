error: line 2: nr_disk='25': it takes a number up to 24
