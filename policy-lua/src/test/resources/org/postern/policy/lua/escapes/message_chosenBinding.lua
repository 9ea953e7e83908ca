return msg.chosenBinding ~= nil
