return (pcall(collectgarbage, "incremental"))
