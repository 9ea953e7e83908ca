return (pcall(string.gsub, "x", "x", msg))
