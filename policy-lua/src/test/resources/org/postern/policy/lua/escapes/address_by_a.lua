return (pcall(string.format, "%a", 1))
