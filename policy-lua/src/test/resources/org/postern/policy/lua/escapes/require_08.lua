return (pcall(require, "socket"))
