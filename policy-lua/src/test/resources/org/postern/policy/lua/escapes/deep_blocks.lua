return loadstring(("do "):rep(10000) .. ("end "):rep(10000)) ~= nil
