return (pcall(require, "\0"))
