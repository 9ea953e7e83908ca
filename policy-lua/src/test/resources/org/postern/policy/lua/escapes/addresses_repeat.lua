local t = {}
return tostring(t) ~= tostring(t)
