return (pcall(setfenv, function() end, nil))
