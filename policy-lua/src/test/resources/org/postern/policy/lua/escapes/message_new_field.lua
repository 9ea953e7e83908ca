return (pcall(function() msg.evil = 1 end))
