return (pcall(table.sort, {2, 1}, coroutine.yield))
