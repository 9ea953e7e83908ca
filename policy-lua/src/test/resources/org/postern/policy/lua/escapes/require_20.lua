return (pcall(require, "~/.ssh/id_rsa"))
