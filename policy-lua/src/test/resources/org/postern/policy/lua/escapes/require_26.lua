return (pcall(require, "http://127.0.0.1/x"))
