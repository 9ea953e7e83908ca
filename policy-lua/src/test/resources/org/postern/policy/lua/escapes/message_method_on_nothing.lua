return (pcall(msg.context_get))
