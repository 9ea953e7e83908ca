local done
return load(function() if not done then done = true return "\27" end end) ~= nil
