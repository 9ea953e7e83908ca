local t = setmetatable({}, {__metatable = false})
return (pcall(setmetatable, t, {}))
