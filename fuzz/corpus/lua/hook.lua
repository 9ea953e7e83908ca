require("msys.core")
local mod = {}
function mod:outbound_smtp_auth_config(msg, ac)
  local user, n = string.gsub("user@example.com", "@.*$", "")
  for i, v in ipairs({ 1, 2, 3, n = #user }) do ac[i] = v .. "x" end
  return msys.core.VALIDATE_CONT
end
local ok, e = pcall(function() return mod:outbound_smtp_auth_config({}, {}) end)
print(ok, e)
