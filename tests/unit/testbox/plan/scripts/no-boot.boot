error: the script has no boot (iPXE would fetch and not boot)
