return string.format("%s", {}):match("^table: 0x0000%x%x%x%x$") == nil
