return (pcall(require, "ffi"))
