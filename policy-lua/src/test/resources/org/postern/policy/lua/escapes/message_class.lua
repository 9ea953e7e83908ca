return msg.class ~= nil
