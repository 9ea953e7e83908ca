local done
return load(function() if not done then done = true return "\27LuaR\0\1\4\8\4\8\0" end end) ~= nil
