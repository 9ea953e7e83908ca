return (pcall(require, "C:\\x"))
