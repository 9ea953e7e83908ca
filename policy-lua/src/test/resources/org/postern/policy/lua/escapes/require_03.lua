return (pcall(require, "luajava"))
