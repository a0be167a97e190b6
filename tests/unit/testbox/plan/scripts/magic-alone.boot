error: line 1: the script has no boot (iPXE would fetch and not boot)
