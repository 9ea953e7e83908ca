for level = 0, 20 do
  local ok, e = pcall(getfenv, level)
  if ok and (e.loaded or e.message or e.registry) then return true end
end
return false
