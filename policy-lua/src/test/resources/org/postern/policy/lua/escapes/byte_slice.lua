return (pcall(string.byte, ("x"):rep(100000), 1, -1))
