error: the script is empty
