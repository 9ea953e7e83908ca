local t = {}
table.insert(t, 1e15, "x")
return #t ~= 0
