return (pcall(require, "org.luaj.vm2.lib.jse.LuajavaLib"))
