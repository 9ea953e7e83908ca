return (pcall(require, "debug.getregistry"))
