error: line 6: the script has no boot (iPXE would fetch and not boot)
