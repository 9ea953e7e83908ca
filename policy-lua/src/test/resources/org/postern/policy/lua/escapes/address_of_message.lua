return tostring(msg):match("^ec_message: 0x0000%x%x%x%x$") == nil
