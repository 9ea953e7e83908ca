return (pcall(msg.routing_domain, msg, "evil.example"))
