return loadstring("return 1" .. (" + 1"):rep(20000)) ~= nil
