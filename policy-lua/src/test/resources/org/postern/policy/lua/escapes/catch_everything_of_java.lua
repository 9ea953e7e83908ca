local ok, e = pcall(string.rep, "x", -1/0)
return type(e) == "userdata"
