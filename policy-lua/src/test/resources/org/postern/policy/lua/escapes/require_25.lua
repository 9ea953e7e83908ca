return (pcall(require, "file:///etc/passwd"))
