return msg.state ~= nil
