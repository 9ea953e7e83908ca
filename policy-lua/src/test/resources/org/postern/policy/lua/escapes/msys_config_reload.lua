return (pcall(msys.config, "reload"))
