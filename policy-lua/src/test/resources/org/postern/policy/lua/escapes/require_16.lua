return (pcall(require, ""))
