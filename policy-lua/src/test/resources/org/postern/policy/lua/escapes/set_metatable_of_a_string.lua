return (pcall(setmetatable, "", {}))
