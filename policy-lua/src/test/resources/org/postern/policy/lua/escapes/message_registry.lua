return msg.registry ~= nil
