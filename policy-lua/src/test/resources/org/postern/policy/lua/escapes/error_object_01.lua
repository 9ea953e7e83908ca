local ok, e = pcall(error, {})
local inner = type(e) == "userdata" and e ~= msg and e ~= ac
return ok or inner
