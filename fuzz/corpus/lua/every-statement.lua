local a, b = 0x1F, 1e3 --[[ long
comment ]]
local t = { [1] = "a\n\065", b = [==[long]]string]==], 'c'; -3 ^ 2 }
while a > 0 do a = a - 1 if a % 7 == 0 then break elseif not a then a = nil else b = a and b or 2 end end
repeat local c = #t; b = b .. c until b ~= nil
for i = 10, 1, -2 do t[#t + 1] = i end
for k, v in pairs(t) do t[k] = nil end
local function f(...) return select('#', ...), ... end
return f(f(1, nil, "x")), (f()), t.x
