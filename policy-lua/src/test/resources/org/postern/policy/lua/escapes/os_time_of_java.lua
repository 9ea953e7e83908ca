return (pcall(os.time, {year = 1e300, month = 1e300, day = 1e300})) and os.time({year = 1e300, month = 1, day = 1}) ~= nil
