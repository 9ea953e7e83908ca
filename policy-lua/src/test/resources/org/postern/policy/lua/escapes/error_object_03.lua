local ok, e = pcall(error, 1)
local inner = type(e) == "userdata" and e ~= msg and e ~= ac
return ok or inner
