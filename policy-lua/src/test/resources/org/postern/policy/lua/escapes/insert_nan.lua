return (pcall(table.insert, {}, 0/0, "x")) and false
