return (pcall(string.format, "%-+ #0-+ #0d", 1))
