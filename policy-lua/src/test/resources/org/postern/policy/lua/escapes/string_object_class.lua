return msys.core.string_new().class ~= nil
