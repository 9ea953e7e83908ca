return (pcall(string.format, "%n", 1))
