error: line 2: initrd: an image with arguments ('/etc/file') is not known here
