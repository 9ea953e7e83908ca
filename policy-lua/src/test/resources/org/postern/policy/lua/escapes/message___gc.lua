return msg.__gc ~= nil
