error: line 5: 'menu' is not known here (see testbox(8) for what is)
