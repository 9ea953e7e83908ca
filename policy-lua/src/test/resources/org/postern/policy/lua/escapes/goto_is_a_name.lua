goto = 1
return goto ~= 1
