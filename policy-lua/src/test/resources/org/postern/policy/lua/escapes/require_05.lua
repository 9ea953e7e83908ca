return (pcall(require, "os.execute"))
