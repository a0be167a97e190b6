error: line 2: exit: the script gives up with status 1
