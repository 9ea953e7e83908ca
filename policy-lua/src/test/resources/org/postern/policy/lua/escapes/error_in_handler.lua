local ok, e = xpcall(error, function() error("again") end)
return ok or type(e) ~= "string"
