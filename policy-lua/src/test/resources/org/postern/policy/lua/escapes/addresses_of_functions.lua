return tostring(print):match("^function: 0x0000%x%x%x%x$") == nil
