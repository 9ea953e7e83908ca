return msg.close ~= nil
