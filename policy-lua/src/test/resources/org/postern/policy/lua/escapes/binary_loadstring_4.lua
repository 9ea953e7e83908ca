return loadstring("\27LJ\1") ~= nil
