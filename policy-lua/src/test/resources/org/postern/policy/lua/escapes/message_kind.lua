return msg.kind ~= nil
