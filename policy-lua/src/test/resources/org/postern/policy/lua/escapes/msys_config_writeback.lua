return (pcall(msys.config, "writeback", "/tmp/x"))
