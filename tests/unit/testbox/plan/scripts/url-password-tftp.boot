error: line 2: kernel: 'tftp://s/v': this scheme is not known (http, https and file are known)
