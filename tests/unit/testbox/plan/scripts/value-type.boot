error: line 2: ${mac:int8}: this type is not known here
