local t = debug.traceback("x")
return t:find("java") ~= nil or t:find("org%.postern") ~= nil or t:find("%.class") ~= nil
