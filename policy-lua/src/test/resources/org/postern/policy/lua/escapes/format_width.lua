return (pcall(string.format, "%999d", 1))
