return (pcall(function() print.call = 1 end))
