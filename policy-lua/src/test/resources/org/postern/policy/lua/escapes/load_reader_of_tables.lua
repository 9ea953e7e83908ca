return (load(function() return {} end)) ~= nil
