return (pcall(msys.config, "set", "outbound_smtp_auth_user", "evil"))
