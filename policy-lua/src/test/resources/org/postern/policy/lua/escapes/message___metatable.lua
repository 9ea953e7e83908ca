return msg.__metatable ~= nil
