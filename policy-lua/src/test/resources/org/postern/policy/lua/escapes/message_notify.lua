return msg.notify ~= nil
