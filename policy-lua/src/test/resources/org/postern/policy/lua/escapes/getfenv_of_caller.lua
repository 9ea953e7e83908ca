local e = getfenv(1)
return e ~= _G
