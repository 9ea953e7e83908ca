local s = "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"
pcall(string.find, s, ".-.-.-.-.-.-.-b")
local t = {} t[1] = t
local function g() return g() end
pcall(function() local function r() return 1 + r() end r() end)
while true do s = s .. s t[#t + 1] = s end
