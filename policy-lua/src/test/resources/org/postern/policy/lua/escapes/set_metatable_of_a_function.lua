return (pcall(setmetatable, print, {}))
