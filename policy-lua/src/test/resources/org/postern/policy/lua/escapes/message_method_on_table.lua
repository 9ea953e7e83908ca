return (pcall(msg.context_get, {}, 1, "x"))
