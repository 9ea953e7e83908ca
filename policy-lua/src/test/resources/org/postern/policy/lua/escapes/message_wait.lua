return msg.wait ~= nil
