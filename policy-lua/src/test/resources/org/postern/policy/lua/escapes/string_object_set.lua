return (pcall(function() msys.core.string_new().text = 1 end))
