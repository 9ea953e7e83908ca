return (pcall(setfenv, 0, {}))
