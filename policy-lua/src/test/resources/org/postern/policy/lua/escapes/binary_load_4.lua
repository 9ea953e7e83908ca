local done
return load(function() if not done then done = true return "\27LJ\1" end end) ~= nil
