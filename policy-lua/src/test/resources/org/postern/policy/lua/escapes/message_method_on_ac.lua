return (pcall(msg.context_get, ac, 1, "x"))
