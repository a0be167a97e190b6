error: line 2: initrd: --name needs a name
