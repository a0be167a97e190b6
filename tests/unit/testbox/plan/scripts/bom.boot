error: line 1: the script begins with a byte-order mark, and iPXE takes none (save it as UTF-8 without one)
