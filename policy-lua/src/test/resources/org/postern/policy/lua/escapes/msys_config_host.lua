return (pcall(msys.config, "get", "host", "x", "y"))
