return (pcall(string.find, "x", ("()"):rep(33)))
