return (pcall(require, "etc/passwd\0.lua"))
