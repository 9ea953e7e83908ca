local ok, e = pcall(string.format, "%d", {})
return ok or e:find("java") ~= nil or e:find("null") ~= nil
