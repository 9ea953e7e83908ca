return (pcall(msg.rcptto, msg, "evil@x.example"))
