local names = {}
for i = 1, 300 do names[i] = "a" .. i end
return loadstring("local " .. table.concat(names, ",")) ~= nil
