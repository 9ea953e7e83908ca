return (pcall(msg.context_get, msg, 0/0, "x"))
