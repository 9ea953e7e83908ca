return loadstring("\27Lua", "=x") ~= nil
