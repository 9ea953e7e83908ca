return (pcall(function() return print.call end))
