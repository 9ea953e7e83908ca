return (pcall(msys.config))
