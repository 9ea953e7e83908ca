return (pcall(function() return (1).class end))
