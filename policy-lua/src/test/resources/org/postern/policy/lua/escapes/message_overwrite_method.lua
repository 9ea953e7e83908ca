return (pcall(function() msg.context_get = print end))
