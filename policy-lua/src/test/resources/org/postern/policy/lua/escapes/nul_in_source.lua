return loadstring("x\0y") ~= nil
