return (pcall(string.find, "x", "%b"))
