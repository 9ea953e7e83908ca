return msg.delivery ~= nil
