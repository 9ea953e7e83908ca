return (pcall(function() return msg + 1 end))
