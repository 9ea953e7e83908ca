return (pcall(function() return (true).class end))
