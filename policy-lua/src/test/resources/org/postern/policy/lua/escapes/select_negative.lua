return (pcall(select, -5, 1))
