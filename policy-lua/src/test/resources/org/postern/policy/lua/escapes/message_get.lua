return msg.get ~= nil
