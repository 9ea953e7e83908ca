return coroutine.wrap(function() return coroutine.resume(coroutine.running()) end)()
