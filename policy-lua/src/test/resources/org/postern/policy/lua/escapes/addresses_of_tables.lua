return tostring({}):match("0x0000%x%x%x%x$") == nil
