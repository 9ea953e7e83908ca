return (pcall(require, "org.postern.policy.lua.run.LuaState"))
