return (pcall(string.format, "%1$s", "x"))
