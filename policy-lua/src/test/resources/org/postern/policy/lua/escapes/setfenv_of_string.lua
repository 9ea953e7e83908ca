return (pcall(setfenv, "x", {}))
