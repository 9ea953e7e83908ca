local t = {}
t.t = t
setmetatable(t, t)
t.__index = t
local ok, e = pcall(error, t)
return ok or e ~= t
