return (pcall(string.format, "%p", {}))
