return loadstring("return " .. ("function() return "):rep(5000) .. "1" .. (" end"):rep(5000)) ~= nil
