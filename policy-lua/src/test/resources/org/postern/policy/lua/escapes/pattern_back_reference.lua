return (pcall(string.find, "x", "%1"))
