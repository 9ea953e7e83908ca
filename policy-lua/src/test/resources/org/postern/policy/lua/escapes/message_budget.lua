return msg.budget ~= nil
