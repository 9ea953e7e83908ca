return msg.__index ~= nil
