return (pcall(next, {}, {}))
