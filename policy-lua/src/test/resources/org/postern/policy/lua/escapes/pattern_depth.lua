return (pcall(string.find, ("x"):rep(1000), ("x?"):rep(1000)))
