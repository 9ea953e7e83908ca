return (pcall(rawget, msg, "id"))
