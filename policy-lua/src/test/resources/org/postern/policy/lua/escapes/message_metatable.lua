return getmetatable(msg) ~= nil
