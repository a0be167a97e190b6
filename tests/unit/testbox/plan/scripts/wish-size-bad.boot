error: line 2: disk_size='20G20': this is no size (such as 128G; 16T is the most)
