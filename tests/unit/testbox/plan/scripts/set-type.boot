error: line 2: set: 'x:int32': a type is not known here
