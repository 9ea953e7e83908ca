return (pcall(module, ""))
