return (pcall(string.format, "%tY", 1))
