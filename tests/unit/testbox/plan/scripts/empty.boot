error: line 1: the script is empty
