return msg.spool ~= nil
