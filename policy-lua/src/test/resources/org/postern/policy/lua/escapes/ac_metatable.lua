return getmetatable(ac) ~= nil or getmetatable(vctx) ~= nil
