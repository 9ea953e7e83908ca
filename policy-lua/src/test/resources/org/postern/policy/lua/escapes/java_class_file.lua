return loadstring("\202\254\186\190\0\0\0\61") ~= nil
