return (pcall(setmetatable, msg, {}))
