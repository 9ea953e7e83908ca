return getfenv(print) ~= _G
