return (pcall(next, msg))
