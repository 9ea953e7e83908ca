return (pcall(require, "org/postern/policy/lua/LuaHooks"))
