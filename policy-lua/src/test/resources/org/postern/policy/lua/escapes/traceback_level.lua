return debug.traceback("x", -1e9):find("java") ~= nil
