return (pcall(string.char, 256)) or (pcall(string.char, -1)) or (pcall(string.char, 0/0)) and string.char(0/0) ~= "\0"
