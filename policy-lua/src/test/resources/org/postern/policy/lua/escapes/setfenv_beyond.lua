return (pcall(setfenv, 1000, {}))
