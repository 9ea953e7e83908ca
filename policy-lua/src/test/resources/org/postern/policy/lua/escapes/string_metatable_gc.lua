getmetatable("").__gc = function() error("late") end
local s = ("x"):rep(10)
s = nil
collectgarbage()
return false
