return (pcall(getfenv, 1000))
