return loadstring("\27") ~= nil
