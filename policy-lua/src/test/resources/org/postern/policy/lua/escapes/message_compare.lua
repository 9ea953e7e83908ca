return (pcall(function() return msg < msg end))
