return (pcall(setmetatable, coroutine.create(print), {}))
