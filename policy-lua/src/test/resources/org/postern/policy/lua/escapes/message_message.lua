return msg.message ~= nil
