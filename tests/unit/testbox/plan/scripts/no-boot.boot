error: line 2: the script has no boot (iPXE would fetch and not boot)
