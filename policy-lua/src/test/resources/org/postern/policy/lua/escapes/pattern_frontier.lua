return (pcall(string.find, "x", "%f"))
