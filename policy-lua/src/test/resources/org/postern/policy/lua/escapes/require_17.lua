return (pcall(require, "/"))
