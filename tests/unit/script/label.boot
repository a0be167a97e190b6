error: line 2: ':retry' is not known here (see testbox(8) for what is)
