return ("").class ~= nil or ("").getClass ~= nil or ("").getBytes ~= nil
