return (pcall(xpcall))
