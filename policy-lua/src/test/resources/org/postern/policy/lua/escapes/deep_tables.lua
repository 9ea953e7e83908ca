return loadstring("return " .. ("{"):rep(10000) .. ("}"):rep(10000)) ~= nil
