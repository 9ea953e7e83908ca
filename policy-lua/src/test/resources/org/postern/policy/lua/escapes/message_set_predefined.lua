return (pcall(msg.context_set, msg, 1, "rcptto_domain", "evil.example"))
