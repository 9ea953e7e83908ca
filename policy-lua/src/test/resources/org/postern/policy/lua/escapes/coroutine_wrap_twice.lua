local f = coroutine.wrap(function() end)
f()
return (pcall(f))
