local found = _G
for part in ("debug.upvalueid"):gmatch("[^.]+") do
  found = type(found) == "table" and found[part] or nil
end
return found ~= nil
