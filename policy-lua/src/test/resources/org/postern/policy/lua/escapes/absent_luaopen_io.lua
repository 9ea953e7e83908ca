local found = _G
for part in ("luaopen_io"):gmatch("[^.]+") do
  found = type(found) == "table" and found[part] or nil
end
return found ~= nil
