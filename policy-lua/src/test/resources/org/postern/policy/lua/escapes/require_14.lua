return (pcall(require, ".."))
