return (pcall(require, "/etc/passwd"))
