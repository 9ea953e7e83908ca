return (pcall(rawset, msg, "id", 1))
