return (pcall(msg.mailfrom, msg, "evil@x.example\r\nRCPT TO:<y>"))
