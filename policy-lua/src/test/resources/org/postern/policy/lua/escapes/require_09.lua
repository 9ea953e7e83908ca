return (pcall(require, "lfs"))
