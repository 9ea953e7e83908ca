return os.date("%Y", 1e300) ~= nil
