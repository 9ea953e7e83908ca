local done
return load(function() if not done then done = true return "\27LuaQ\0\1\4\4\4\8\0" end end) ~= nil
