return (pcall(msg))
