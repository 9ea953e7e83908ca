local ok, e = pcall(error, "x", 1e300)
return ok
