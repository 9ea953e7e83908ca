return msg.getClass ~= nil
