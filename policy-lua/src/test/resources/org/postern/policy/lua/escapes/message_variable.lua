return msg.variable ~= nil
