local t = {3, 1, 2, 5, 4}
table.sort(t, function() return true end)
return #t ~= 5
