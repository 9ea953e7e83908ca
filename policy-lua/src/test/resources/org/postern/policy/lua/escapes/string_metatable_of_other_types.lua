return getmetatable(1) ~= nil or getmetatable(true) ~= nil or getmetatable(print) ~= nil or getmetatable(nil) ~= nil or getmetatable(coroutine.create(print)) ~= nil
