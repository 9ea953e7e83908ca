return (pcall(require, "jit"))
