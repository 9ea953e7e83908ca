return (pcall(string.format, "%.999f", 1))
