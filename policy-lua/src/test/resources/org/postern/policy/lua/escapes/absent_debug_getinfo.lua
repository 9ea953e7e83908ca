local found = _G
for part in ("debug.getinfo"):gmatch("[^.]+") do
  found = type(found) == "table" and found[part] or nil
end
return found ~= nil
