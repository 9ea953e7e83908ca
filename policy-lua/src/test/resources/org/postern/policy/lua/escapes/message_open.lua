return msg.open ~= nil
