error: line 2: imgfree: there is no image 'x'
