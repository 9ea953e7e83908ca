return (pcall(msg.header, msg, "X", "a\r\nBcc: evil@x.example"))
