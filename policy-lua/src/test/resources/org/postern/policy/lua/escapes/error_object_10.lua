local ok, e = pcall(error, setmetatable({}, {__index = function(t, k) return t[k] end}))
local inner = type(e) == "userdata" and e ~= msg and e ~= ac
return ok or inner
