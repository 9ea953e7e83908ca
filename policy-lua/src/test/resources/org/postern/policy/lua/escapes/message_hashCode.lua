return msg.hashCode ~= nil
