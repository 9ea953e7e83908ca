return package.loaded.io ~= nil or package.loaded.luajava ~= nil
