return (pcall(module, "../evil"))
