local ok, e = pcall(function() return nil .. {} end)
return ok or e:find("java") ~= nil or e:find("class") ~= nil
