return msg.set ~= nil
