error: line 2: kernel: 'vmlinuz' is no URL that stands alone
