return (pcall(require, "a//b"))
