return loadstring("\195\164 = 1") ~= nil
