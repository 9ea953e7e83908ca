return (pcall(require, "posix"))
