local ok, e = pcall(error, setmetatable({}, {__tostring = function() error("x") end}))
local inner = type(e) == "userdata" and e ~= msg and e ~= ac
return ok or inner
