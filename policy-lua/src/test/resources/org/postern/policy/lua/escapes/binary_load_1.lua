local done
return load(function() if not done then done = true return "\27LuaQ" end end) ~= nil
