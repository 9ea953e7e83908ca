return loadstring("\27LuaQ") ~= nil
