error: line 2: ${mac:int8} has no value here
