return (pcall(msys.config, "unset", "outbound_smtp_auth_user"))
