error: line 2: reboot: it is known only where there is no job
