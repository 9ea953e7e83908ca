return (pcall(function() return coroutine.create(print).thread end))
