local ok, e = pcall(error, print)
local inner = type(e) == "userdata" and e ~= msg and e ~= ac
return ok or inner
