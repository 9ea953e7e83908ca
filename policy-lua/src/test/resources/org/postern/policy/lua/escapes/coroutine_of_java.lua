return coroutine.resume(coroutine.create(error), "x")
