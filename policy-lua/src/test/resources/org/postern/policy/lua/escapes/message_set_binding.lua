return (pcall(msg.binding, msg, "evil"))
