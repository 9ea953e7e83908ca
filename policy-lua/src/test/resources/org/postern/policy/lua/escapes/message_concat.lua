return (pcall(function() return msg .. "" end))
