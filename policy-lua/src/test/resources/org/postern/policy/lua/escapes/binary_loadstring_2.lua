return loadstring("\27LuaR\0\1\4\8\4\8\0") ~= nil
