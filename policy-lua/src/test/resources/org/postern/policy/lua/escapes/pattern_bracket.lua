return (pcall(string.find, "x", "[%"))
