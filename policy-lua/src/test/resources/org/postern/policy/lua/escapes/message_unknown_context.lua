return (pcall(msg.context_get, msg, 99, "x"))
