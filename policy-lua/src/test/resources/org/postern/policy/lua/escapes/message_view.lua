return msg.view ~= nil
