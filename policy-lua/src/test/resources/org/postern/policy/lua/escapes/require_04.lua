return (pcall(require, "io"))
