return loadstring(("("):rep(10000) .. "1" .. (")"):rep(10000)) ~= nil
