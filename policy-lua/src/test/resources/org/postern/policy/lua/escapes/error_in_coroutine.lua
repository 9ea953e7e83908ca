local ok, e = coroutine.resume(coroutine.create(function() error(msg) end))
return ok or e ~= msg
