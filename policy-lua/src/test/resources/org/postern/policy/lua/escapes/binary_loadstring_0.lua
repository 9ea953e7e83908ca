return loadstring("\27Lua") ~= nil
