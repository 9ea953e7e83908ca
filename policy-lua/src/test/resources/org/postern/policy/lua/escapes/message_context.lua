return msg.context ~= nil
