return (pcall(string.format, "%h", {}))
