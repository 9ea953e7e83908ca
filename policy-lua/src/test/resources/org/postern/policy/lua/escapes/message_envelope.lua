return msg.envelope ~= nil
