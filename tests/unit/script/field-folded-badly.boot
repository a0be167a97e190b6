error: line 4: 'initrd=a.cgz' is not known here (see testbox(8) for what is)
