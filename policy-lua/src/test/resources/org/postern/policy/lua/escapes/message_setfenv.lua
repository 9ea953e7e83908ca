return (pcall(setfenv, msg, {}))
