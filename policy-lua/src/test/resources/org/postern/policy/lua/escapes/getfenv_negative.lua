return (pcall(getfenv, -1))
