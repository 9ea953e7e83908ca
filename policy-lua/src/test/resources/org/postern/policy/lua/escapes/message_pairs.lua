return (pcall(pairs, msg))
