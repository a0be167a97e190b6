error: line 3: 'dhcp' is not known here (see testbox(8) for what is)
