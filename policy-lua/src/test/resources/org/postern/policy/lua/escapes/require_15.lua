return (pcall(require, "."))
