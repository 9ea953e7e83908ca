return (pcall(setmetatable, nil, {}))
