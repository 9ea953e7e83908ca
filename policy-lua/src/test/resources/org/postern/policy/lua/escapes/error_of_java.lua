local ok, e = pcall(string.rep)
return ok or type(e) ~= "string" or e:find("java") ~= nil or e:find("Exception") ~= nil or e:find("org%.") ~= nil
