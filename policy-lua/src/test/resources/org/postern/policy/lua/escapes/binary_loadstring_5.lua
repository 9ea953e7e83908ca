return loadstring("\27LuaQ\0\1\4\4\4\8\0") ~= nil
