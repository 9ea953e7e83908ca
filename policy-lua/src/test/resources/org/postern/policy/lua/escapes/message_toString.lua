return msg.toString ~= nil
