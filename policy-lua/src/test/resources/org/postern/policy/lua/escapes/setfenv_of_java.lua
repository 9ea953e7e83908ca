return (pcall(setfenv, print, {}))
