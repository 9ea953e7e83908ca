return (pcall(msg.context_get, "msg", 1, "x"))
