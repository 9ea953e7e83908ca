return (pcall(coroutine.yield, 1))
