return (pcall(unpack, {}, -1e300, 1e300))
