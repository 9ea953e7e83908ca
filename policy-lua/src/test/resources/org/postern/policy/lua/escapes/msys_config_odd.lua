return (pcall(msys.config, "get", "domain", "x"))
